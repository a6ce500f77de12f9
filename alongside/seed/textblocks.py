"""Prepared answers of the demo company, in English and German."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A text block. `teams` are short names, none: for everybody; `uses`: how often it was sent."""

    title: str
    shortcut: str
    folder: str
    language: str | None
    text: str
    uses: int
    teams: tuple[str, ...] = ()


BLOCKS = (
    Block("Greeting", "hello", "Greetings", "en",
          "Hello {{contact.name|there}}, thank you for writing to {{company}}! How can I help you?", 48),
    Block("Begrüßung", "hallo", "Greetings", "de",
          "Guten Tag {{contact.name|und willkommen}}, schön, dass Sie {{company}} schreiben! "
          "Was kann ich für Sie tun?", 37),
    Block("Goodbye", "bye", "Greetings", "en",
          "Glad I could help. Have a good time out there!\n{{agent.name}}", 41),
    Block("Abschied", "tschuess", "Greetings", "de",
          "Gern geschehen! Ich wünsche Ihnen eine gute Zeit draußen.\n{{agent.name}}", 29),
    Block("Ask for the order number", "number", "Orders", "en",
          "Could you tell me your order number, please? It has five digits and stands at the top of the confirmation "
          "that we sent to {{contact.email|your e-mail address}}.", 33, ("orders",)),
    Block("Nach der Bestellnummer fragen", "nummer", "Orders", "de",
          "Nennen Sie mir bitte Ihre Bestellnummer? Sie hat fünf Ziffern und steht oben in der Bestätigung, die wir an "
          "{{contact.email|Ihre E-Mail-Adresse}} geschickt haben.", 24, ("orders",)),
    Block("How returns work", "returns", "Orders", "en",
          "You can send anything back within 60 days, free of charge: print the label at "
          "https://fernwood.example/returns, put it on the parcel and hand it in at any parcel shop. We refund the "
          "amount within three working days after it has arrived.", 27),
    Block("So funktioniert die Rücksendung", "retoure", "Orders", "de",
          "Sie können alles innerhalb von 60 Tagen kostenlos zurückschicken: Drucken Sie unter "
          "https://fernwood.example/returns den Aufkleber aus, kleben Sie ihn auf das Paket und geben Sie es in einem "
          "Paketshop ab. Den Betrag erstatten wir innerhalb von drei Werktagen, nachdem es angekommen ist.", 22),
    Block("Delivery times", "delivery", "Orders", "en",
          "Orders placed before 2 pm leave our warehouse the same day. Within Germany they arrive in one to two "
          "working days, in the rest of the EU in three to five.", 19),
    Block("Lieferzeiten", "lieferung", "Orders", "de",
          "Was bis 14 Uhr bestellt wird, verlässt noch am selben Tag unser Lager. In Deutschland dauert die Lieferung "
          "ein bis zwei Werktage, in der übrigen EU drei bis fünf.", 15),
    Block("Waterproofing a tent", "waterproof", "Gear", "en",
          "Pitch the tent, let it dry, brush off the dirt and spray the outside evenly from about 20 cm. Wipe off what "
          "runs down after two minutes and let it dry for a day before you pack it.", 9, ("gear",)),
    Block("Boot sizes", "boots", "Gear", "en",
          "Our boots run slightly small. Measure your foot in the evening with the socks you will wear; if you are "
          "between two sizes, take the larger one. Exchanges are free for 60 days.", 14, ("gear",)),
    Block("Größen der Wanderschuhe", "schuhe", "Gear", "de",
          "Unsere Schuhe fallen etwas kleiner aus. Messen Sie Ihren Fuß abends mit den Socken, die Sie tragen werden; "
          "zwischen zwei Größen nehmen Sie die größere. Der Umtausch ist 60 Tage lang kostenlos.", 11, ("gear",)),
    Block("Address", "address", "", None,
          "Fernwood Outdoor GmbH\nWaldstraße 12\n79104 Freiburg", 7),
)  # fmt: skip
