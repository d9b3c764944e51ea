"""Who is quoted: reporting verbs before and after, titles, roles, organisations, passives, other languages."""

from __future__ import annotations

import pytest

from index.quotations.extraction import extract_quotations

SENTENCES = [
    ("Anna Keller, who hosts Salt and Light, said “we never left the island”.", "Anna Keller"),
    ("“We never left the island,” said Keller, 45, whose father built it.", "Keller"),
    ("“We never left the island,” said the keeper’s daughter, Anna Keller.", "Anna Keller"),
    ("“We never left the island,” a tearful Anna Keller said.", "Anna Keller"),
    ("“We never left the island,” Keller wrote on Instagram on Monday.", "Keller"),
    ("“We never left the island,” Keller was quoted as saying.", "Keller"),
    ("The island was described by Keller as “the loneliest place on earth”.", "Keller"),
    ("Keller was told by Smith that “nobody would ever come for her”.", "Smith"),
    ("In Keller’s words, “nobody would ever come for us”.", "Keller"),
    ("“Nobody would ever come for us,” is how Keller puts it.", "Keller"),
    ("“Nobody would ever come for us,” as Keller puts it.", "Keller"),
    ("“Nobody would ever come for us,” the BBC reported.", None),
    ("“Nobody would ever come for us,” the New York Times wrote.", None),
    ("“Nobody would ever come for us,” Tesla said in a statement.", None),
    ("“Nobody would ever come for us,” said Tesla CEO Elon Musk.", "Elon Musk"),
    ("“Nobody would ever come for us,” said US Secretary of State Antony Blinken.", "Antony Blinken"),
    ("“Nobody would ever come for us,” said Sen. Ruth Lee, D-Ohio.", "Ruth Lee"),
    ("“Nobody would ever come for us,” said Dr. Ruth Lee of the University of Leeds.", "Ruth Lee"),
    ("“Nobody would ever come for us,” said University of Leeds professor Ruth Lee.", "Ruth Lee"),
    ("“Nobody would ever come for us,” said Lee’s husband, Tom Reed.", "Tom Reed"),
    ("“Nobody would ever come for us,” said Lee's husband.", None),
    ("“Nobody would ever come for us,” police said.", None),
    ("“Nobody would ever come for us,” says a report by the WHO.", None),
    ("“Nobody would ever come for us,” read the sign on the door.", None),
    ("The sign on the door read “nobody would ever come for us”.", None),
    ("Ruth Lee read the sign: “Nobody would ever come for us.”", None),
    ("Asked if she was afraid, Lee replied: “Nobody would ever come for us.”", "Lee"),
    ("Ruth Lee shook her head. “Nobody would ever come for us.”", "Ruth Lee"),
    ("Ruth Lee and Tom Reed said that “nobody would ever come for us”.", None),
    ("“Nobody would ever come for us,” Lee told Reed, who laughed.", "Lee"),
    (
        "“Nobody would ever come for us,” Ruth Lee, the band’s singer and songwriter, told The Guardian in 2019.",
        "Ruth Lee",
    ),
    ("“Nobody would ever come for us,” the band’s singer, Ruth Lee, told The Guardian.", "Ruth Lee"),
    ("Speaking to the BBC, Lee said the plan was “nobody's business but ours”.", "Lee"),
    ("Ruth Lee believes that the plan is “nobody's business but ours”.", "Ruth Lee"),
    ("Lee's verdict: “Nobody would ever come for us.”", "Lee"),
    ("But Lee insists: “Nobody would ever come for us.”", "Lee"),
    ("Then, Lee says, “nobody would ever come for us.”", "Lee"),
    ("“Nobody,” Lee says, “would ever come for us.”", "Lee"),
    ("On Tuesday, Trump tweeted: “Nobody would ever come for us.”", "Trump"),
    ("Mr Lee added that “nobody would ever come for us”.", "Lee"),
    ("The White House press secretary, Karine Lee, said “nobody would ever come for us”.", "Karine Lee"),
    ("White House press secretary Karine Lee said “nobody would ever come for us”.", "Karine Lee"),
    ("Prime Minister Rishi Lee said “nobody would ever come for us”.", "Rishi Lee"),
    ("Labour MP Rishi Lee said “nobody would ever come for us”.", "Rishi Lee"),
    ("Former England captain Rishi Lee said “nobody would ever come for us”.", "Rishi Lee"),
    ("King Charles said “nobody would ever come for us”.", "King Charles"),
    ("“Nobody would ever come for us,” said Emily Frost.", "Emily Frost"),
    ("“Nobody would ever come for us,” said Alejandro de la Torre.", "Alejandro de la Torre"),
    ("Oscar-winning director Jane Lee said “nobody would ever come for us”.", "Jane Lee"),
    ("Grammy winner Jane Lee said “nobody would ever come for us”.", "Jane Lee"),
    ("“Nobody would ever come for us,” explained Jane Lee-Potter Jr. during the show.", "Jane Lee-Potter Jr."),
    ("“Nobody would ever come for us,” said J.K. Rowling.", "J.K. Rowling"),
    ("“Nobody would ever come for us,” said Ludwig van Beethoven.", "Ludwig van Beethoven"),
    ("“Nobody would ever come for us,” said Conan O’Brien.", "Conan O’Brien"),
    ("Conan O’Brien’s guest said: “Nobody would ever come for us.”", None),
    ("Lee has said that “nobody would ever come for us”.", "Lee"),
    ("Lee would later say that “nobody would ever come for us”.", "Lee"),
    ("Lee also called the plan “a waste of time and money”.", "Lee"),
    ("Lee, for her part, called the plan “a waste of time and money”.", "Lee"),
    ("Lee, meanwhile, said, “Nobody would ever come for us.”", "Lee"),
    ("Lee went on: “Nobody would ever come for us.”", "Lee"),
    ("In a statement, the Red Cross said “nobody would ever come for us”.", None),
    ("In a statement to Variety, Lee's representatives said “nobody would ever come for us”.", None),
    ("Lee’s spokesperson, Tom Reed, said “nobody would ever come for us”.", "Tom Reed"),
    ("“Nobody would ever come for us,” Jane Lee, 41, from Leeds, told BBC News.", "Jane Lee"),
    ("“Nobody would ever come for us,” laughs Lee.", "Lee"),
    ("“Nobody would ever come for us,” one resident, who did not want to be named, said.", None),
    ("“Nobody would ever come for us,” they said.", None),
    ("“Nobody would ever come for us,” I said to Lee.", None),
    ("„Niemand kommt je zu uns“, so die Sprecherin Marta Lindner.", "Marta Lindner"),
    ("„Niemand kommt je zu uns“, sagte Bundeskanzler Olaf Scholz am Montag.", "Olaf Scholz"),
    ("Bundeskanzler Olaf Scholz sagte: „Niemand kommt je zu uns.“", "Olaf Scholz"),
    ("«Nadie viene a vernos nunca», según la alcaldesa, Ana Ruiz.", "Ana Ruiz"),
    ("Il sindaco Marco Bianchi ha detto: «Nessuno viene mai da noi».", "Marco Bianchi"),
    ("«Nessuno viene mai da noi», ha spiegato il sindaco Marco Bianchi.", "Marco Bianchi"),
    ("“Niemand komt ooit bij ons”, aldus Jan de Vries.", "Jan de Vries"),
    ("“Ninguém vem aqui nunca”, disse o ator Pedro Silva.", "Pedro Silva"),
    ("« Personne ne vient jamais », confie l’actrice Marion Petit au Monde.", "Marion Petit"),
]


@pytest.mark.parametrize(("text", "speaker"), SENTENCES)
def test_the_speaker_of_a_sentence(text: str, speaker: str | None) -> None:
    assert extract_quotations(text).quotations[-1].speaker == speaker


TEXTS = [
    ("Anna Keller met Tom Reed. Keller asked Reed what he would do. “Wait in the car,” he said.", "Tom Reed"),
    ("Anna Keller spoke on David Duchovny’s Fail Better podcast. “Are you done?” the host asked.", "David Duchovny"),
    ("“We never left this island,” says Anna Keller.\n\n> We never left", "Anna Keller"),
    ("‘We never left’: thirty years on a rock\n\n“We never left this island,” says Anna Keller.", "Anna Keller"),
    ("Anna Keller sat down. A plaque on the wall says “bread is the first broadcast”.", None),
    ("Anna Keller sat down. “We never left,” whispers Tom Reed’s neighbor.", None),
    ("Tom Reed, a lawyer for the founder, Anna Keller, said his client “has never left the island”.", "Tom Reed"),
    ("Tom Reed left. Ned Lee, as mayor, opened it. The mayor spoke first: “It will outlive us,” he said.", "Ned Lee"),
    ("June Keller sat down. “We never left,” Keller said.", "June Keller"),
    ("Ana Ruiz en la estación. «Aquí no ha cambiado nada», dice.", "Ana Ruiz"),
    ("Anna Keller bought the bakery in 2021.\n\n> I shouted at my brother from inside the oven.", "Anna Keller"),
    ("Anna Keller hates the roof.\n\nTom Reed built it.\n\nShe calls it “the worst roof in town”.", "Anna Keller"),
    ("Tom Reed built the roof.\n\nShe calls it “the worst roof in town”.", None),
    ("The report of Anna Keller sounds different:\n\n> Our sample is representative in age and region.", None),
]


@pytest.mark.parametrize(("text", "speaker"), TEXTS)
def test_the_speaker_of_a_text(text: str, speaker: str | None) -> None:
    found = extract_quotations(text)
    assert found.quotations[0 if text.startswith("‘") else -1].speaker == speaker


RELATIVES = [
    ("Paul Reyes sold it. His sister, Gail, did not. “I kept mine,” she said.", "Gail"),
    ("Reyes’s wife, Zofia, was there too. She said that it “fell like a tree at night”.", "Zofia"),
    (
        "Paul Reyes sold it. His sister, Gail, did not. “I kept mine,” she said. “She hid it,” her brother said.",
        "Paul Reyes",
    ),
    ("Bo and Mia Lindt run it. “I cook the soup,” Mia says. Her brother shrugs. “It is her soup,” he says.", "Bo"),
    ("Mia Lindt cooks it. Anna Lindt eats it. “I grow it,” Mia Lindt says. “She does,” her sister says.", "Anna Lindt"),
    ("Mia Lindt cooks. Her mother sold bread. “It burned,” her father says. “It did not,” Lindt says.", "Mia Lindt"),
    ("Ida Lindt died at her home. Her son, Paul, was with her. “She laughed,” Mr. Lindt said.", "Paul"),
    ("Konrad Ach ist Wirt. Seine Tochter Magda führt das Haus. „Er zählt noch immer“, erzählt sie.", "Magda"),
    ("Bastien Ker garde le refuge. Sa sœur Jeanne monte. « Il lit le journal », s’amuse-t-elle.", "Jeanne"),
    ("A roofer who gave his name as Dave had come. “I did the old roof,” he said.", "Dave"),
]


@pytest.mark.parametrize(("text", "speaker"), RELATIVES)
def test_relatives_are_told_apart(text: str, speaker: str | None) -> None:
    assert extract_quotations(text).quotations[-1].speaker == speaker


DESCRIPTIONS = [
    ("Anna Keller rowed.\n\nAmong them was a woman of 90. “I have been wet before,” she said.", None),
    ("Anna Keller rowed.\n\nA neighbour watched it all. “I have been wet before,” she said.", None),
    ("The critic Anna Keller wrote at the time that Bo Lind sang “as if he were returning a book”.", "Anna Keller"),
    ("Anna Keller said that Bo Lind had smiled. Lind sang: “We are returning the book tonight.”", "Bo Lind"),
    ("The mayor of Leeds, Anna Keller, was there. “It is a fine bell,” the mayor said.", "Anna Keller"),
    ("La alcaldesa de Leeds, Ana Keller, vino ayer. «La campana es muy buena», dijo la alcaldesa.", "Ana Keller"),
    ("The coach is Anna Keller. “He is my goalkeeper,” she said.", "Anna Keller"),
    ("The first of them was Anna Keller, who edited it. She said: “I left when the cough came.”", "Anna Keller"),
    ("It was Keller who spoke last. Anna Keller is tall. “I won it first,” Keller said.", "Anna Keller"),
    (
        "Keller is a smith. When he was arrested, Bo Keller is said to have told officers: “They are all mine.”",
        "Bo Keller",
    ),
    ("She went on the podcast of Simon Ash. Anna Keller came. “That keeps me up,” the host said.", "Simon Ash"),
    ("Anna Keller spoke to Bo Lind. One of them had written “not on time, either” on a card.", None),
    ("Anna Keller spoke. The history of the town is unkind; it mentions “a person given to standing in water”.", None),
    ("“Nobody goes in with a lighter,” says a note on the door, signed by Rufus Bell.", "Rufus Bell"),
    ("Anna Keller’s firm has paid since. She insists it was none: “We paid because of the noise.”", "Anna Keller"),
    ("Anna Keller kept the log. Her entry for Monday reads: “Snow, and the same side played twice.”", "Anna Keller"),
    ("Found on the noticeboard: “Lost, one glove, left. Can we talk about it?”", None),
    (
        "Who first said “the room is the mic”? Anna Keller said “the room is the mic, the rest is cable”.",
        None,
    ),
    ("Qui a dit « la salle est le micro » ? Anna Keller a dit : « la salle est le micro, et rien d’autre ».", None),
]


@pytest.mark.parametrize(("text", "speaker"), DESCRIPTIONS)
def test_descriptions_lead_to_a_person_or_to_nobody(text: str, speaker: str | None) -> None:
    found = extract_quotations(text).quotations
    assert (found[0] if text.startswith(("Who", "Qui", "Found")) else found[-1]).speaker == speaker


HEARSAY = [
    ("“You are fired,” Bo Okafor recalled Ana Marsh telling him.", "Ana Marsh"),
    ("“You are fired,” Bo Okafor remembered Ana Marsh saying.", "Ana Marsh"),
    ("“You are fired,” Bo Okafor said Ana Marsh told him.", "Ana Marsh"),
    ("“You are fired,” Bo Okafor recalled her telling him.", None),
    ("Bo Okafor recalled Ana Marsh telling him, “You are fired and you know it.”", "Ana Marsh"),
    ("Bo Okafor remembers him saying, “You are fired and you know it.”", None),
    ("Bo Okafor heard Ana Marsh say, “You are fired and you know it.”", "Ana Marsh"),
    ("Bo Okafor was quoted as saying that he was “fired and glad of it”.", "Bo Okafor"),
    ("Bo Okafor left. He revealed Ana Marsh had told him: “You are fired.” “So I went,” he added.", "Bo Okafor"),
    ("Según Bo Okafor, la empresa pidió «un disco alegre para el verano».", None),
    ("According to Bo Okafor, the firm promised “a cheerful record for the summer”.", None),
    ("Bo Okafor reported that the firms had been told the club was “listening, not shopping”.", None),
    ("According to Bo Okafor, the agent left a note on the door that read “Is it finished yet?”", None),
    ("Óscar Beltrán recordó que ella misma le había dicho: «No me creas si me retiro».", None),
    ("Óscar Beltrán vino ayer. «Pues no me creíste», le contestó Ana Arrabal.", "Ana Arrabal"),
]


@pytest.mark.parametrize(("text", "speaker"), HEARSAY)
def test_what_somebody_tells_of_is_not_their_own_words(text: str, speaker: str | None) -> None:
    assert extract_quotations(text).quotations[-1].speaker == speaker


SOURCES = [
    ("In the words of the keeper, Anna Keller, “nobody would ever come for us”.", "Anna Keller"),
    ("A statement from chief keeper Anna Keller reads: “Nobody would ever come for us.”", "Anna Keller"),
    ("The letter, signed by Anna Keller, reads: “Nobody would ever come for us.”", "Anna Keller"),
    ("The barrister, Jane Frost KC, said: “Nobody would ever come for us.”", "Jane Frost"),
    ("Per her lawyer, Tom Reed, Ruth Lee “never left the island”.", "Tom Reed"),
    ("According to her lawyer, Tom Reed, Ruth Lee “never left the island”.", "Tom Reed"),
    ("Ruth Lee remembers her editor, the late Tom Reed, telling her: “Cut the first chapter.”", "Tom Reed"),
    (
        "Inspector Ruth Lee said a man, named by neighbours as Tom Reed, had shouted “you will never take me”.",
        "Tom Reed",
    ),
    ("“Nobody will come for us,” keeper Anna Keller is reported to have told colleagues.", "Anna Keller"),
    ("Asked whether she was afraid, keeper Anna Keller laughed. “Nobody would ever come for us.”", "Anna Keller"),
    ("Anna Keller waited for Tom Reed. “Nobody comes,” Reed told her. She read the sign: “Ring twice and wait.”", None),
]
"""The last quotation of each text."""


@pytest.mark.parametrize(("text", "speaker"), SOURCES)
def test_words_are_of_their_source(text: str, speaker: str | None) -> None:
    assert extract_quotations(text).quotations[-1].speaker == speaker


PRONOUNS = [
    ("A spokesman said: “We are sorry.” The driver Qorl Achebe was not. “We waited there for hours,” he said.",
     "Qorl Achebe"),
    ("Judge Felix Amaro called it “a reckless act”. The lawyer, Susan Doyle, will appeal. “It is not over,” she said.",
     "Susan Doyle"),
    ("“I have no plans to retire,” the 74-year-old singer said. Qorl Grady, who plays tonight, has sold millions.",
     "Qorl Grady"),
]  # fmt: skip
"""A name that says nothing of he or she among them; the last quotation of each text."""


@pytest.mark.parametrize(("text", "speaker"), PRONOUNS)
def test_a_pronoun_or_a_description_leads_to_the_only_person_whom_it_fits(text: str, speaker: str) -> None:
    assert extract_quotations(text).quotations[-1].speaker == speaker


NO_PERSONS = [
    ("Ana Marsh spoke on the Let's Be Honest podcast. “I cried in the car park,” she said.", "Ana Marsh"),
    ("Ana Marsh met Bo at Millbrook High, where she sang. “I was loud,” she said.", "Ana Marsh"),
    ("# Audiolark Cuts Staff: ‘We Grew Too Fast’\n\nThe firm said so in a memo.", None),
    ("La société Aéole, qui porte le projet, dit « prendre acte de cette décision ».", None),
    ("The network, Loudhouse, said in an email that it was “grateful for six years of this”.", None),
    ("The first talk was by Ana Marsh, who makes Tiny Disputes. “Nobody left,” she said.", "Ana Marsh"),
]


@pytest.mark.parametrize(("text", "speaker"), NO_PERSONS)
def test_names_of_shows_schools_and_firms_are_nobody(text: str, speaker: str | None) -> None:
    assert extract_quotations(text).quotations[-1].speaker == speaker


ROLES = [
    ("Sen. Ana Marsh came. Bo Lind came. “I voted for it,” the senator said.", "Ana Marsh"),
    ("Rep. Ana Marsh came. Bo Lind came. “I voted for it,” the congresswoman said.", "Ana Marsh"),
    ("Mrs Justice Marsh came. Bo Lind came. “You may sit down,” the judge said.", "Marsh"),
    ("Handyman Bo Lind came. Ana Marsh came. “I fixed the door,” the handyman said.", "Bo Lind"),
    ("Ana Marsh came to Ohio. “I voted for it,” said the Ohio Republican.", "Ana Marsh"),
    ("Die Intendantin heißt Ana Marsh. „Wir spielen trotzdem weiter“, sagte die 58-Jährige.", "Ana Marsh"),
    ("La cantante Ana Marsh volvió. «No era miedo, era otra cosa», dijo la sevillana, de 47 años.", "Ana Marsh"),
    ("Fermín Marsh volvió ayer. «No era miedo, era otra cosa», dijo la artista.", None),
    ("Ana Marsh sang. Her father sold nails. “Dinner is over before the bill,” he liked to say.", None),
    ("When the critic Bo Lind came in, he wrote that it was “like being told the truth”.", "Bo Lind"),
    ("Ana Marsh left.\n\nTom Lind’s memo spoke of a sale, which he called “noise from the neighbours”.", "Tom Lind"),
    ("72-year-old Bo Lind stopped. “I know what is in them,” the retired lorry driver said.", "Bo Lind"),
    (
        "Ana Marsh came. Her grandson, Theo, did too. “It is a lorry,” Theo says. “It is,” says his grandmother.",
        "Ana Marsh",
    ),
    ("Theo Lind came. “It is a lorry,” Lind says. “It is,” says his neighbour.", None),
    ("Mr Lind and Mrs Lind came: Bo Lind and Ana Lind. “I thought of it,” said Mrs Lind.", "Ana Lind"),
]


@pytest.mark.parametrize(("text", "speaker"), ROLES)
def test_titles_ages_and_other_nouns_lead_to_a_person(text: str, speaker: str | None) -> None:
    assert extract_quotations(text).quotations[-1].speaker == speaker


@pytest.mark.parametrize(
    ("pull", "speaker"),
    [
        ("“We were cold, happy and rich”", "Anna Keller"),
        ("“We were poor, and far from home”", None),
        ("“We were cold, and that was all”", None),
    ],
)
def test_a_pull_quote_that_shortens_a_quotation_has_its_speaker(pull: str, speaker: str | None) -> None:
    text = (
        f"The van was home.\n\n> {pull}\n\n“We were broke, cold and happy, in that order, and rich,” said Anna Keller."
    )
    assert extract_quotations(text).quotations[0].speaker == speaker


def test_what_follows_a_borrowed_speaker_in_its_paragraph_is_theirs_too() -> None:
    said = "“I dropped the cup,” said the Pole. “It was hail.”"
    text = f"# Keller: ‘I dropped the cup’\n\nAnna Keller left. Bo Lind came.\n\n{said}"
    assert [one.speaker for one in extract_quotations(text).quotations] == ["Anna Keller"] * 3


def test_a_block_that_names_a_person_is_not_that_person_speaking() -> None:
    text = "Bo Lind builds radios.\n\n> {} built half the radios I own.\n\nSo they say."
    assert extract_quotations(text.format("Lind")).quotations[0].speaker is None
    assert extract_quotations(text.format("My aunt")).quotations[0].speaker == "Bo Lind"
