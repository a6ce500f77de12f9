"""Names and sentences, so that searches and pages meet data of a natural size."""

from __future__ import annotations

import random

FIRST = """
    Anna Ben Carla David Elif Farid Greta Hanna Ivan Julia Kofi Lena Marta Noah Olga Pedro Quentin Rosa Sven
    Tara Uwe Vera Wanda Xenia Yusuf Zoe Aisha Björn Chloé Dilan Emre Fatima Giulia Henrik Ines Jakub Karin Luca
    Mehmet Nadia
""".split()  # noqa: SIM905 - a list of names reads best as text
LAST = """
    Adler Bauer Conti Dietrich Eriksen Fischer García Hoffmann Ivanova Jansen Kaya Lehmann Martínez Novák Okafor
    Petrov Quinn Richter Schneider Tanaka Ullmann Vogel Weber Xu Yılmaz Zimmermann Andersson Brown Costa Dubois
    Ferrari Gruber Haddad Iversen Johnson Kowalski Lindqvist Moreau Nguyen Özdemir
""".split()  # noqa: SIM905 - a list of names reads best as text
SENTENCES = (
    "Hello, is the blue one still in stock?",
    "Good morning! Let me look that up for you.",
    "It has been four days and the tracking page still says the parcel was announced.",
    "Could you tell me your order number, please? It begins with AL and stands at the top of the confirmation.",
    "AL-20418",
    "Thank you, one moment.",
    "Your parcel left our warehouse this morning and should be with you on Thursday. I have sent you the new link.",
    "Perfect, thanks a lot!",
    "Can I change the delivery address? I am at my parents' until the end of the month, and nobody is at home.",
    "I tried to pay by card twice, and both times the page said that the payment could not be completed.",
    "Does it come with a charger?",
    "Yes, a charger and a cable are in the box.",
    "I would like to send back one of the two pairs, they are slightly too small. How does that work?",
    "You can print the label here. We refund the amount within three days after the parcel has arrived.",
    "ok",
    "👍",
)


def name(chance: random.Random) -> str:
    """A person."""
    return f"{chance.choice(FIRST)} {chance.choice(LAST)}"


def sentence(chance: random.Random) -> str:
    """What somebody writes."""
    return chance.choice(SENTENCES)
