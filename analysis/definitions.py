"""What a word of this project means: one definition of each idea, imported by all."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
# The folder that holds data/ and notebooks/: the checkout, or the package where it was installed.
ROOT = _PACKAGE if (_PACKAGE / "data" / "lexicons").is_dir() else _PACKAGE.parent
DIGITS = 6  # decimals of every written measure

COLUMNS: dict[str, list[str]] = {
    name: columns.split()
    for name, columns in {
        "articles": "article_id outlet headline author published url genre event words "
        "author_words sha256",
        "paragraphs": "article_id paragraph start end role role_rule speaker",
        "sentences": "article_id paragraph sentence start end voice",
        "voices": "article_id start end voice speaker",
        "mentions": "article_id sentence start end mention actor basis",
        "attributions": "article_id attribution_id part start end cue cue_start cue_end "
        "speaker_mention speaker_start speaker_end speaker basis role quote_type kind score",
        "sentiment": "article_id sentence instrument polarity subjectivity evidence",
        "targets": "article_id sentence start end mention target holder polarity "
        "p_negative p_neutral p_positive",
        "frame_cues": "article_id sentence start end family category cue",
        "terms": "outlet term voice count count_elsewhere log_odds se z p_adjusted",
        "agency": "article_id sentence start end actor name_used role verb",
        "claims": "claim_id family measure instrument voice outlet other_outlet effect unit "
        "low high p p_adjusted specifications same_direction verdict statement "
        "evidence_article evidence_start evidence_end",
    }.items()
}
