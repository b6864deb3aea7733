"""The cache gives back what was made, and nothing else."""

from analysis.corpus.cache import cached, code_of, folder


def test_a_result_is_made_once_for_a_key(tmp_path, monkeypatch):
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path))
    made = []
    for _ in range(2):
        assert cached(("room", "a"), lambda: made.append(1) or "result") == "result"
    assert made == [1]
    assert cached(("room", "b"), lambda: "other") == "other"


def test_parts_of_a_key_do_not_run_together(tmp_path, monkeypatch):
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path))
    assert cached(("room", "ab", "c"), lambda: 1) == 1
    assert cached(("room", "a", "bc"), lambda: 2) == 2


def test_a_damaged_file_is_made_again(tmp_path, monkeypatch):
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path))
    cached(("room", "a"), lambda: "first")
    for path in folder().rglob("*.pickle"):
        path.write_bytes(b"\x80\x05broken")
    assert cached(("room", "a"), lambda: "second") == "second"


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path / "file" / "cache"))
    assert cached(("room", "a"), lambda: "made") == "made"


def test_deleting_the_folder_loses_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("ANALYSIS_CACHE", str(tmp_path / "cache"))
    assert cached(("room", "a"), lambda: "first") == "first"
    for path in folder().rglob("*.pickle"):
        path.unlink()
    assert cached(("room", "a"), lambda: "again") == "again"


def test_the_code_digest_follows_what_a_file_says(tmp_path):
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("x = 1\n")
    two.write_text("x = 2\n")
    assert code_of(one) != code_of(two)
