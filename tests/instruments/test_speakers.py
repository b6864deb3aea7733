"""Who said it: persons and bodies, roles, turns, silence, introductions, in short sentences."""

import pandas as pd
import pytest

from analysis.instruments import attributions, mentions, persons, roles, voices

NOBODY = pd.DataFrame({"actor": [], "aliases": [], "role": [], "side": []}, dtype=str)
WORDED = ("speech", "document", "performative")


@pytest.fixture
def find(parse_text):
    def run(text, actors=NOBODY):
        parsed = parse_text(text, actors)
        found = mentions.find_mentions(parsed, actors)
        return attributions.find_attributions(parsed, found, actors)
    return run


def said(table, text, kinds=WORDED):
    """Speaker and content of each row of some kinds, scare quotes left out."""
    rows = table[table["kind"].isin(kinds) & table["quote_type"].ne("scare")]
    return [(row.speaker, text[row.start:row.end]) for row in rows.itertuples()]


# ---- turns -------------------------------------------------------------------------------------

@pytest.mark.parametrize("text", [
    "BRIDGE WATCH: The bridge fell 2 per cent on Monday. Traders were nervous.\n\n"
    "ENERGY: Oil rose 3 cents to $50.\n\n"
    "READ MORE: The bridge that nobody wanted, and how the council came to build it twice in ten",
    "WALL STREET: Shares fell.\n\nCURRENCIES: The dollar rose on Wall Street.\n\nOIL: It fell.",
])
def test_labels_of_reports_and_teasers_are_no_turns(find, text):
    assert said(find(text), text) == []


@pytest.mark.parametrize("text, turns", [
    ("The mayor spoke to the Ledger on Monday.\n\nLedger: Why is the bridge shut?\n\n"
     "Tom Reed: Because it is old. We had to act before winter.",
     [("Ledger", "Why is the bridge shut?"),
      ("Tom Reed", "Because it is old. We had to act before winter.")]),
    ("Q. Why is the bridge shut?\n\nA. Because it is old.\n\nQ. When will it open?\n\n"
     "A. In May, I hope.",
     [("Q", "Why is the bridge shut?"), ("A", "Because it is old."),
      ("Q", "When will it open?"), ("A", "In May, I hope.")]),
    ("DI RIDGE: The rain is only for a day.\n\nANNA BERG: Thank you.\n\n"
     "DI RIDGE: It will be dry again.",
     [("Di Ridge", "The rain is only for a day."), ("Anna Berg", "Thank you."),
      ("Di Ridge", "It will be dry again.")]),
    ("ANNA BERG: The bridge is old. It must go.\n\nAnd it will go, because nobody wants it.\n\n"
     "TOM REED: It will stay.",
     [("Anna Berg", "The bridge is old. It must go."),
      ("Anna Berg", "And it will go, because nobody wants it."),
      ("Tom Reed", "It will stay.")]),
    ("Tom Reed met the Ledger.\n\nLedger: Is it safe?\n\nTR: It is.\n\nLedger: Now?\n\nTR: Now.",
     [("Ledger", "Is it safe?"), ("Tom Reed", "It is."), ("Ledger", "Now?"), ("Tom Reed", "Now.")]),
])
def test_turns_are_direct_and_their_speakers_own(find, parse_text, text, turns):
    table = find(text)
    found = table[table["cue"].isin([":", "."])]
    assert [(row.speaker, text[row.start:row.end]) for row in found.itertuples()] == turns
    assert set(found["quote_type"]) == {"direct"} and set(found["kind"]) == {"speech"}
    pieces = voices.assign_voices(parse_text(text, NOBODY), table)
    for row in found.itertuples():
        piece = pieces[(pieces["start"] <= row.start) & (row.start < pieces["end"])].iloc[0]
        assert (piece["voice"], piece["speaker"]) == ("quoted", row.speaker)


def test_who_says_i_within_a_turn_is_its_speaker(find):
    text = "Ledger: Is it safe?\n\nTom Reed: I said that it was safe.\n\nLedger: And now?"
    inner = find(text).query("cue == 'said'").iloc[0]
    assert (inner["speaker"], inner["basis"]) == ("Tom Reed", "pronoun")


# ---- persons and bodies ------------------------------------------------------------------------

@pytest.mark.parametrize("text, speaker", [
    ("However, the bridge “cannot be mended,” said Sal Curel, of the National University of Mexico "
     "(UNAM).", "Sal Curel"),
    ("Ann Lowe of the University of Lund said it was a wreck.", "Ann Lowe"),
    ("Analyst Jun Pan of IG said in a note that the bridge would open.", "Jun Pan"),
    ("Lord Reid of Cardowan said the bridge was safe.", "Reid"),
    ("Sen. Debbie Lowe, D-Mich., a member of the team, said the bridge was safe.", "Debbie Lowe"),
    ("Doug Mack was elected mayor in May. The mayor said the bridge was safe.", "Doug Mack"),
    ("Export Bank Canada (EBC) lent the money. EBC said it was safe.", "Export Bank Canada"),
    ("Tonya Lerst keeps goal for Norway. “It is unfair,” Tonya Lerst tells the Ledger. "
     "“We will fight on,” Tonya says.", "Tonya Lerst"),
    ('Tom Reed demanded that Mayor Ian Cole should open the bridge. "It is a disgrace," he told '
     "the Ledger.", "Tom Reed"),
    ('A spokesperson for Network Bridges said: "We are sorry. We\'ll fix it." They added that '
     "work had begun.", "spokesperson for Network Bridges"),
    ("Ann Mack met Tom Mack. Mr. Mack said the bridge was safe.", "Tom Mack"),
    ("Ann Mack met Sarah Mack. Mr. Mack said the bridge was safe.", ""),
    ("Ann Mack met Sarah Mack.\n\n" + "It rained.\n\n" * 4 + "Mr. Mack said it was safe.", ""),
    ("Ghazala Mack met Humayun Mack. Mr. Mack said the bridge was safe.", "Humayun Mack"),
    ("Anna Berg published her report in May. “It is old,” her report said.", "Anna Berg"),
    ("Jim Cole's aunt, Mary Ann Lowe, said it was safe.", "Mary Ann Lowe"),
    ("Acme Bridges shut the bridge. The company said it was old.", "Acme Bridges"),
])
def test_the_speaker_is_the_person_or_body_that_the_words_mean(find, text, speaker):
    assert said(find(text), text)[-1][0] == speaker


def test_a_letter_speaks_and_not_those_who_signed_it(find):
    row = find("The letter, signed by 50 Acme members, calls on Reed to resign.").iloc[0]
    assert (row["speaker"], row["basis"]) == ("letter", "described")


def test_a_description_that_nobody_bears_is_described_and_not_anonymous(find):
    row = find("The mayor said the bridge was safe.").iloc[0]
    assert (row["speaker"], row["basis"], row["role"]) == ("mayor", "described", "official")
    row = find("A source said the bridge was safe.").iloc[0]
    assert (row["basis"], row["role"]) == ("described", "anonymous_or_collective")


def test_two_of_one_title_or_name_are_not_guessed(find):
    text = "Mayor Doug Mack met Mayor Ann Lowe in May. The mayor said the bridge was safe."
    assert find(text).iloc[-1]["speaker"] == "mayor"


def test_no_speaker_holds_a_mark_a_colon_or_a_newline(find):
    text = ("Then came the big reveal: “My second largest investment is here, I will say it.”\n\n"
            "Toronto man Doug Purdy, who lost 16 lbs. “and two belt loops” in May, says it is so.")
    assert not find(text)["speaker"].str.contains(r"[:\n“”\"]").any()


# ---- roles -------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, expected", [
    ("OTTAWA — Prime Minister Paul Trudel met U.S. President Donald Trump in Washington. Trudel "
     "said the U.S. had agreed. “We won,” said Conservative leader Ann Shear. Toronto mayor Jim "
     "Tory said he was glad.", ["other_government"] * 3),
    ("NAIROBI (AP) — President Amos Ruto said the police had done well, according to the U.S. "
     "embassy. “We are proud,” Ruto said.", ["other_government"] * 2),
    ("LONDON — Choreographer Deborah House said the U.S. tour was off. “It hurts,” House said.",
     ["citizen"] * 2),
    ("The Norse Handball Federation (NHF) said the fine was fair.", [""]),
    ("Mayor Ann Lowe said the bridge was safe.", ["official"]),
    ("WASHINGTON — Judge Ann Lowe said the law was clear.", ["official"]),
    ("WASHINGTON — Golfer Ann Lowe said the course was long.", ["citizen"]),
    ("French President Ann Lowe said in the U.S. that the U.S. was right.", ["other_government"]),
    ("( Jo Dean / Toronto Star ) Golfer Ann Lowe said it was safe.", ["citizen"]),
    ("OTTAWA — Sen. Ann Lowe said it was safe.", ["other_government"]),
    ("Ann Lowe, president of Peace With Norway, said it was safe.", [""]),
    ("OSLO — Ann Lowe, vice-president, external affairs for Norse Mobile, said it was safe.", [""]),
    ("OSLO — Merrow Hall, a non-profit agency, runs it. Merrow Hall said it was safe.", [""]),
    ("OSLO — Ann Lowe, president of Norway, said it was safe.", ["other_government"]),
    ("OTTAWA — Ann Lowe, a senior analyst with the transport ministry, said it was safe.",
     ["other_government"]),
    ("Ann Lowe, a senior analyst with a bank, said it was safe.", ["expert"]),
    ("OTTAWA — Veterans Affairs Minister Ann Lowe said it was safe.", ["other_government"]),
    ("Ann Lowe, no stranger to the court system, said it was safe.", [""]),
    ("Ann Lowe and other youth representatives said it was safe.", [""]),
    ("Tom Reed of the Exchange Commission. Berg said it was safe.", [""]),
    ("She met Tom Berg, Michael King and Ann Lowe. Tom Berg said it was safe.", [""]),
    ("OSLO — Ann Lowe said it was safe. Ann Lowe, Norway’s prime minister, left. Lowe said no.",
     ["other_government", "other_government"]),
])
def test_a_role_rests_on_evidence_beside_the_name(find, text, expected):
    assert find(text)["role"].tolist() == expected


def test_a_dateline_goes_before_the_countries_that_an_article_names():
    assert roles.home_country("OTTAWA — The U.S. and the U.S. met Canada.") == "other"
    assert roles.home_country("WASHINGTON (AP) — Canada and Canada met.") == "us"
    assert roles.home_country("The bridge is shut.") == ""


# ---- silence -----------------------------------------------------------------------------------

@pytest.mark.parametrize("text, speaker, phrase", [
    ("Acme declined to comment.", "Acme", "declined to comment"),
    ("Reed did not respond to requests for comment.", "Reed",
     "did not respond to requests for comment"),
    ("Tom Reed refused to discuss the bridge.", "Tom Reed", "refused to discuss the bridge"),
    ("Ann Lowe could not be reached for comment.", "Ann Lowe", "could not be reached for comment"),
    ("Tom Reed would not say whether the bridge was safe.", "Tom Reed",
     "would not say whether the bridge was safe"),
    ("Acme did not immediately return calls seeking comment.", "Acme",
     "did not immediately return calls seeking comment"),
])
def test_silence_is_a_kind_that_gives_nobody_words(find, parse_text, text, speaker, phrase):
    table = find(text)
    assert said(table, text, ("silence",)) == [(speaker, phrase)]
    assert said(table, text) == [] and table["quote_type"].tolist() == ["indirect"]
    assert set(voices.assign_voices(parse_text(text, NOBODY), table)["voice"]) == {"author"}


@pytest.mark.parametrize("text, rows", [
    ("Reed did not say that the bridge was safe.", []),
    ("Tom Reed denied that the bridge was safe.", [("Tom Reed", "that the bridge was safe")]),
    ("“It is not safe,” Ann Lowe never said.", [("Ann Lowe", "“It is not safe,”")]),
    ("That said, the bridge is shut.", []),
    ("Whatever Reed might say, the bridge is shut.", []),
    ("But experience shows that binding targets do two things.", []),
    ("Reed voted for the bridge. Berg appealed the ruling.", []),
])
def test_what_was_not_said_is_no_report(find, text, rows):
    assert said(find(text), text) == rows


# ---- introduced, carried, titles ---------------------------------------------------------------

@pytest.mark.parametrize("text, speaker", [
    ('Dunn praised the bridge.\n\nAnd this from Mags Pell:\n\n"Nobody asked us about the bridge, '
     'not once in ten years."', "Mags Pell"),
    ('Mags Pell on the bridge: "Nobody asked us about it."', "Mags Pell"),
    ('Lund said: "It is old."\n\n"Reason?" Mr Pike asked him.', "Pike"),
    ("From the desk of Jan Doe, VP Analyst, Acme.\n\n“Knowing what these tools do to our lives has "
     "become more important than ever.”", "Jan Doe"),
    ('"It is safe," said Dunn.\n\n"Nobody asked us," thundered the Daily Ledger.', "Daily Ledger"),
    ('"Winter will not be winter without any coal," grumbled Dunn, leaning on the gate.\n\n"It is '
     'so dreadful to be cold!" sighed Mags, looking at her old coat.', "Mags"),
    ("In the words of Anna Berg, the bridge is “a scandal in slow motion”.", "Anna Berg"),
    ("Beach football: ‘It’s odd to pay to not play in our socks’\n\nThe club pays to play on the "
     "beach this year, and its members are not happy.", ""),
    ("Councillors on bus cuts: ‘Nobody asked us about it’\n\nThe council will cut the buses in "
     "May, and the riders are not happy.", "Councillors"),
    ('Alice Hall turned to Bob Stone. "The boat has sunk." Bob nodded.', ""),
    ("Reed replied online.\n\nThe bridge is safe. Stop lying. pic.twitter.com/abc — Tom Reed "
     "(@tomreed) May 3, 2019\n\nThe town is glad of it.", "Tom Reed"),
])
def test_who_is_named_beside_a_quotation_goes_before_the_last_speaker(find, text, speaker):
    assert said(find(text), text)[-1][0] == speaker


def test_a_post_on_one_line_is_all_its_writers(find):
    text = "On Twitter, Reed wrote: The bridge is safe. Stop lying.\n\nThe council did not respond."
    assert said(find(text), text) == [("Reed", "The bridge is safe. Stop lying.")]


@pytest.mark.parametrize("text, worded", [
    ("“The lights went out. Then we ran,” said a fisherman who goes by the name “Shorty.”",
     ["“The lights went out. Then we ran,”"]),
    ("The singer opened with “Bridge Over the River” and closed with “I want to go home again "
     "tonight”, her new single.", []),
    ("You may know her from such films as “the old bridge” and “how we learned to swim across”.",
     []),
    ("“It was old; she wrote about it later,” the book said.",
     ["“It was old; she wrote about it later,”"]),
])
def test_titles_and_nicknames_quote_nobody(find, text, worded):
    assert [content for _, content in said(find(text), text)] == worded


def test_a_cross_head_in_marks_has_no_speaker(find):
    text = ("Tom Reed defended the closure.\n\n'Death trap'\n\nHe said the bridge had been "
            "dangerous for years.")
    assert ("Tom Reed", "'Death trap'") not in said(find(text), text)


# ---- contents ----------------------------------------------------------------------------------

@pytest.mark.parametrize("text, rows", [
    ("Tom Reed said: ‘The town was heard. We’ll open the bridge.\n\n‘It won’t close again.’",
     ["‘The town was heard. We’ll open the bridge.", "‘It won’t close again.’"]),
    ("The council leader, Tom Reed, said: ‘The residents’ views were heard. We’ll open the "
     "bridge.\n\n‘It will not close again.’",
     ["‘The residents’ views were heard. We’ll open the bridge.", "‘It will not close again.’"]),
    ("«The bridge is “finished”,» said Anna Berg.", ["«The bridge is “finished”,»"]),
    ("New Delhi: The government will not bow to pressure, Minister Ravi Das said on Monday.",
     ["The government will not bow to pressure"]),
    ("Lucknow, May 3: The bridge will open on Monday, said Ravi Das.",
     ["The bridge will open on Monday"]),
    ("New Delhi [India], May 3 (ANI): The bridge is unsafe, said Ravi Das on Monday.",
     ["The bridge is unsafe"]),
    ('Bill told me I "shouldn‘t walk there" but I will.', ['I "shouldn‘t walk there"']),
    ("Reed said the bridge was safe but Berg said it was a wreck.",
     ["the bridge was safe", "it was a wreck"]),
    ("The minister said jobs were safe but the union said hundreds would go.",
     ["jobs were safe", "hundreds would go"]),
    ("Moscow says the talks succeeded but Kyiv says they failed.",
     ["the talks succeeded", "they failed"]),
    ("&quot;The bridge is shut,&quot; Tom Reed said.", ["&quot;The bridge is shut,&quot;"]),
    ("The mayor at the bridge on Monday. Photograph: Jo Dean/AFP/Getty Images\n\n“It is a wreck,” "
     "said Tom Reed.", ["“It is a wreck,”"]),
])
def test_contents_are_whole_and_hold_nothing_else(find, text, rows):
    assert [content for _, content in said(find(text), text)] == rows


# ---- score, names, inferred actors -------------------------------------------------------------

def test_the_score_is_highest_where_somebody_is_named(find):
    named = find("“The bridge is shut,” Tom Reed said.").iloc[0]["score"]
    carried = find("“The bridge is shut,” Tom Reed said.\n\nIt rained.\n\n"
                   "“It will not open again this year.”").iloc[-1]["score"]
    assert named > 0.95 > carried > 0.5


def test_under_one_half_the_speaker_is_empty(find, monkeypatch):
    monkeypatch.setattr(attributions, "speaker_score", lambda how: 0.49)
    row = find("“The bridge is shut,” Tom Reed said.").iloc[0]
    assert (row["speaker"], row["basis"], row["speaker_mention"]) == ("", "none", "Tom Reed")


@pytest.mark.parametrize("name, expected", [
    ("Mr. Tom Reed’s", "Tom Reed"), ("President Ann Lowe", "Ann Lowe"), ("The Ledger", "Ledger")])
def test_a_name_stands_without_titles(name, expected):
    assert persons.clean(name) == expected


def test_two_people_of_one_surname_are_two_actors(find, parse_text):
    texts = [
        "Doug Mack was elected mayor of Hillford in May. “We want trains,” Doug Mack said. Mack "
        "said the town was ready. Mack told the Ledger more. Mack waved.",
        "John Mack, the envoy to Norway, spoke on Monday. “She has a good case,” John Mack said. "
        "Mack said she was calm. Mack told reporters more.",
        "Ann Lund opened a school. “It is fine,” said Ann Lund. The rain came. Ann Lund left.",
    ]
    actors = mentions.infer_actors([parse_text(text) for text in texts])
    assert actors["actor"].tolist() == ["Ann Lund", "Doug Mack", "John Mack"]
    assert [set(find(text, actors)["speaker"]) for text in texts] == [
        {"Doug Mack"}, {"John Mack"}, {"Ann Lund"}]


def test_datelines_party_tags_and_credits_are_no_actors(parse_text):
    text = "\n\n".join(["OAKLAND (AP) — Sen. Ann Lowe, D-Calif., said it was so."] * 3
                       + ["Ann Lowe at the bridge. (Jo Dean/Getty Images)"])
    assert mentions.infer_actors([parse_text(text)])["actor"].tolist() == ["Ann Lowe"]


@pytest.mark.parametrize("text, speaker, content", [
    ("KARSUND, June 2 (Norwire) - Workers went on strike on Monday, the union said.",
     "union", "Workers went on strike on Monday"),
    ("A court ordered miners back. KARSUND is calm.\n\nKARSUND, June 5 (Norwire) - A judge ordered "
     "miners back, saying that the union was late.", "judge", "that the union was late"),
])
def test_a_dateline_with_its_date_is_no_part_of_the_words(find, text, speaker, content):
    assert said(find(text), text)[-1] == (speaker, content)


def test_who_could_not_be_reached_is_silent_not_who_tried(find):
    row = find("Norwire could not reach the labour ministry for comment.").iloc[0]
    assert (row["kind"], row["speaker"]) == ("silence", "labour ministry")


def test_a_transcript_in_capitals_knows_its_people_by_name(find):
    text = "\n\n".join([
        "IRIS TATE, ANCHOR: The wall leaks. Reporter Ben Roth is there.", "BEN ROTH: It is bad.",
        "TATE: What does the county say?", "ROTH: Tom Kerrin says it leaks.",
        "TOM KERRIN (on tape): It does. Lena Voss has not replied.", "TATE: Ben Roth, thank you."])
    table = find(text)
    assert [who for who, _ in said(table, text)] == [
        "Iris Tate", "Ben Roth", "Iris Tate", "Ben Roth", "Tom Kerrin", "Tom Kerrin", "Iris Tate"]
    assert (table["kind"] != "silence").all()  # told by somebody in his turn, not by the author


def test_shouted_labels_are_no_actors_of_their_own(parse_text):
    text = "Tom Kerrin came.\n\nMOSS: Why?\n\nTOM KERRIN: Because.\n\nKERRIN: It is so."
    actors = mentions.infer_actors([parse_text(text, NOBODY)], least=2)["actor"].tolist()
    assert "Tom Kerrin" in actors and not {"TOM KERRIN", "KERRIN"} & set(actors)


def test_what_was_said_beside_a_refusal_is_said(find):
    text = "Reed refuses to discuss names, aside from saying he wants a nurse."
    assert said(find(text), text) == [("Reed", "he wants a nurse")]
