"""The demo company's help centre, in English and German."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

WIDE, HIGH = 960, 540
SCALE = 2  # drawn larger and shrunk, for smooth edges

CATEGORIES = (
    {"en": "Orders and delivery", "de": "Bestellung und Lieferung"},
    {"en": "Returns and repairs", "de": "Rückgabe und Reparatur"},
    {"en": "Gear and care", "de": "Ausrüstung und Pflege"},
)


@dataclass(frozen=True)
class Words:
    """An article in one language."""

    title: str
    summary: str
    body: str


@dataclass(frozen=True)
class Story:
    """An article. `category` counts from 0 in `CATEGORIES`; `colours` paint its picture, which some have."""

    category: int
    english: Words
    german: Words
    colours: tuple[str, str, str, str] | None = None


ARTICLES = (
    Story(
        0,
        Words(
            "How long does delivery take?",
            "Two to five working days, depending on where you live. Here is how to follow your parcel.",
            """\
Orders placed before **2 pm** leave our warehouse in Freiburg on the same working day.

| To | Standard | Express |
|---|---|---|
| Germany | 2 to 3 days, free from 50 EUR | next day, 9.90 EUR |
| Austria, Benelux, Denmark | 3 to 4 days, 6.90 EUR | 2 days, 14.90 EUR |
| Rest of the EU, Switzerland | 3 to 5 days, 9.90 EUR | not offered |

## Following your parcel

You get a mail with a link as soon as it leaves. The first scan can take until the evening, so an empty page is no
reason
to worry. If nothing has moved for **three working days**, write to us: we ask the carrier, and send a new parcel
if need be.

## Nobody at home?

The carrier leaves it with a neighbour or at a parcel shop. Both are named on the card in your letter box and behind the
link in the mail.
""",
        ),
        Words(
            "Wie lange dauert die Lieferung?",
            "Zwei bis fünf Werktage, je nachdem, wo Sie wohnen. So verfolgen Sie Ihr Paket.",
            """\
Bestellungen bis **14 Uhr** verlassen unser Lager in Freiburg am selben Werktag.

| Nach | Standard | Express |
|---|---|---|
| Deutschland | 2 bis 3 Tage, ab 50 EUR kostenlos | am nächsten Tag, 9,90 EUR |
| Österreich, Benelux, Dänemark | 3 bis 4 Tage, 6,90 EUR | 2 Tage, 14,90 EUR |
| übrige EU, Schweiz | 3 bis 5 Tage, 9,90 EUR | nicht möglich |

## Das Paket verfolgen

Sobald es auf dem Weg ist, bekommen Sie eine E-Mail mit einem Link. Bis zum ersten Scan kann es Abend werden; eine leere
Seite ist noch kein Grund zur Sorge. Bewegt sich **drei Werktage** lang nichts, schreiben Sie uns: Wir fragen beim
Paketdienst nach und schicken notfalls ein neues Paket.

## Niemand zu Hause?

Dann liegt es bei einem Nachbarn oder im Paketshop. Beides steht auf der Karte in Ihrem Briefkasten und hinter dem
Link in
der E-Mail.
""",
        ),
        ("#d9e6ef", "#7fa3bd", "#b98a5a", "#1f5c46"),
    ),
    Story(
        0,
        Words(
            "Changing or cancelling an order",
            "Until a parcel is packed, everything can still be changed.",
            """\
1. Open **Your orders** in your account.
2. Choose *Change* beside the order: address, size and colour can be changed there, or the whole order cancelled.
3. Is the button gone? Then it is being packed. Write to us in the chat with your order number; between 8 am and 2 pm we
   can often still catch it.

An order that has left cannot be cancelled, but you can [send it back](/help/returning-something) free of charge.
""",
        ),
        Words(
            "Eine Bestellung ändern oder stornieren",
            "Solange ein Paket nicht gepackt ist, lässt sich noch alles ändern.",
            """\
1. Öffnen Sie **Ihre Bestellungen** in Ihrem Kundenkonto.
2. Wählen Sie neben der Bestellung *Ändern*: Adresse, Größe und Farbe lassen sich dort anpassen oder die ganze
   Bestellung
   stornieren.
3. Der Knopf ist weg? Dann wird gerade gepackt. Schreiben Sie uns im Chat mit Ihrer Bestellnummer; zwischen 8 und 14 Uhr
   erwischen wir sie oft noch.

Was schon unterwegs ist, lässt sich nicht mehr stornieren, aber kostenlos [zurücksenden](/help/etwas-zurueckgeben).
""",
        ),
    ),
    Story(
        1,
        Words(
            "Returning something",
            "You have 60 days, the label is free, and no printer is needed.",
            """\
Whatever does not fit or please can come back within **60 days**, unused and with its tags.

## How it works

1. Choose *Return* beside the order in your account. A label and a QR code arrive by mail at once.
2. Pack it, in the box it came in if you still have it.
3. Stick the label on the parcel, or show the code at the parcel shop: they print it for you.

Your money is back **within five days** of the parcel reaching us, the way you paid.

> Worn outside? Then it is a case for our [repair service](/help/having-something-repaired) rather than a return.
""",
        ),
        Words(
            "Etwas zurückgeben",
            "Sie haben 60 Tage Zeit, der Schein ist kostenlos, und ein Drucker ist nicht nötig.",
            """\
Was nicht passt oder nicht gefällt, kann innerhalb von **60 Tagen** zurück, ungetragen und mit Etikett.

## So geht es

1. Wählen Sie in Ihrem Kundenkonto neben der Bestellung *Zurückgeben*. Rücksendeschein und QR-Code kommen sofort
   per E-Mail.
2. Packen Sie es ein, am besten in den Karton, in dem es kam.
3. Kleben Sie den Schein auf das Paket, oder zeigen Sie den Code im Paketshop: Dort wird er gedruckt.

Ihr Geld ist **innerhalb von fünf Tagen**, nachdem das Paket bei uns ist, auf dem Weg zurück, so wie Sie bezahlt haben.

> Schon draußen getragen? Dann ist es eher ein Fall für unsere [Reparatur](/help/etwas-reparieren-lassen).
""",
        ),
        ("#f3e3d0", "#d8a878", "#8d5a3b", "#b4552d"),
    ),
    Story(
        1,
        Words(
            "Having something repaired",
            "Zips, seams, poles and buckles: we mend what we sold, for as long as it lasts.",
            """\
In the first **three years** a repair costs nothing, whatever happened. After that you pay the material.

- **Zips and seams**: about six days in our workshop.
- **Tent poles**: single segments are sent to you with a sleeve for the way home. Measure the segment without its
  insert.
- **Down**: we refill and wash it; allow two weeks.

Tell us in the chat what broke and your order number. A photograph helps. You get a label by mail.
""",
        ),
        Words(
            "Etwas reparieren lassen",
            "Reißverschlüsse, Nähte, Gestänge, Schnallen: Was wir verkauft haben, richten wir, solange es hält.",
            """\
In den ersten **drei Jahren** kostet eine Reparatur nichts, was immer passiert ist. Danach bezahlen Sie das Material.

- **Reißverschlüsse und Nähte**: etwa sechs Tage in unserer Werkstatt.
- **Zeltgestänge**: Einzelne Segmente schicken wir Ihnen, mit einer Hülse für den Heimweg. Bitte ohne
  Steckverbindung messen.
- **Daunen**: Wir füllen nach und waschen; das dauert zwei Wochen.

Schreiben Sie uns im Chat, was kaputt ist, und Ihre Bestellnummer. Ein Foto hilft. Den Paketschein bekommen Sie per
E-Mail.
""",
        ),
    ),
    Story(
        2,
        Words(
            "Finding the right boot size",
            "The Ridgewalker runs slightly small. Five minutes with a sheet of paper save you an exchange.",
            """\
1. Put on the socks you hike in, in the **evening**, when feet are largest.
2. Stand on a sheet of paper with your heel to the wall, and mark your longest toe.
3. Measure from the wall to the mark, and add **12 mm** for walking downhill.

| Measured, with the 12 mm | EU size |
|---|---|
| 25.5 cm | 40 |
| 26.2 cm | 41 |
| 26.8 cm | 42 |
| 27.5 cm | 43 |

Between two sizes, take the larger one. Narrow feet are better off with the thin insole than with a smaller boot.
""",
        ),
        Words(
            "Die richtige Schuhgröße finden",
            "Der Ridgewalker fällt etwas klein aus. Fünf Minuten mit einem Blatt Papier ersparen den Umtausch.",
            """\
1. Ziehen Sie die Socken an, in denen Sie wandern, und messen Sie **abends**: Dann sind die Füße am größten.
2. Stellen Sie sich mit der Ferse an der Wand auf ein Blatt Papier und markieren Sie den längsten Zeh.
3. Messen Sie von der Wand bis zur Marke, und rechnen Sie **12 mm** fürs Bergabgehen dazu.

| Gemessen, mit den 12 mm | EU-Größe |
|---|---|
| 25,5 cm | 40 |
| 26,2 cm | 41 |
| 26,8 cm | 42 |
| 27,5 cm | 43 |

Zwischen zwei Größen nehmen Sie die größere. Schmale Füße kommen mit der dünnen Einlage besser zurecht als mit einem
kleineren Schuh.
""",
        ),
        ("#dfe8da", "#9db58a", "#6b5a3e", "#3f5b34"),
    ),
    Story(
        2,
        Words(
            "Washing down without ruining it",
            "Thirty degrees, down detergent, two tennis balls, and patience.",
            """\
Down jackets and sleeping bags may be washed at home, once a season at most.

1. Close all zips. Wash on a **gentle cycle at 30 °C** with down detergent. *No softener*: it makes the down stick
   together.
2. Rinse twice, spin gently.
3. Tumble at **low heat with two clean tennis balls** until no lump is left. That takes two to three hours.

## No dryer?

Lay it flat in a warm room and shake it up every hour. It takes two days, and a launderette is quicker.

Never dry-clean down: solvents take the oil out of it that keeps you warm.
""",
        ),
        Words(
            "Daunen waschen, ohne sie zu ruinieren",
            "Dreißig Grad, Daunenwaschmittel, zwei Tennisbälle und Geduld.",
            """\
Daunenjacken und Schlafsäcke dürfen zu Hause gewaschen werden, höchstens einmal pro Saison.

1. Schließen Sie alle Reißverschlüsse. Waschen Sie im **Schonwaschgang bei 30 °C** mit Daunenwaschmittel. *Kein
   Weichspüler*: Er verklebt die Daunen.
2. Zweimal spülen, sanft schleudern.
3. Bei **niedriger Hitze mit zwei sauberen Tennisbällen** trocknen, bis nichts mehr klumpt. Das dauert zwei bis
   drei Stunden.

## Kein Trockner?

Legen Sie sie flach in einen warmen Raum und schütteln Sie sie jede Stunde auf. Das dauert zwei Tage; im Waschsalon
geht es
schneller.

Geben Sie Daunen nie in die chemische Reinigung: Lösungsmittel entziehen ihnen das Fett, das warm hält.
""",
        ),
    ),
)

DRAFT = Words(
    "Waxing a Sleet Shell",
    "How to make an old jacket shed water again.",
    "To be written: which wax, how often, what to do about the seams. Ask Tom for photographs.",
)


def landscape(colours: tuple[str, str, str, str]) -> bytes:
    """Hills under a sky as PNG: nobody's photograph."""
    sky, far, middle, near = colours
    image = Image.new("RGB", (WIDE * SCALE, HIGH * SCALE), sky)
    draw = ImageDraw.Draw(image)

    def hill(points: tuple[tuple[int, int], ...], colour: str) -> None:
        corners = [(0, HIGH), *points, (WIDE, HIGH)]
        draw.polygon([(left * SCALE, top * SCALE) for left, top in corners], fill=colour)

    draw.ellipse([each * SCALE for each in (690, 70, 800, 180)], fill="#fff6df")
    hill(((0, 330), (170, 190), (330, 320), (520, 150), (700, 320), (860, 230), (960, 300)), far)
    hill(((0, 420), (220, 330), (420, 430), (640, 300), (960, 430)), middle)
    hill(((0, 500), (300, 430), (600, 505), (960, 440)), near)
    out = io.BytesIO()
    image.resize((WIDE, HIGH), Image.Resampling.LANCZOS).save(out, "PNG")
    return out.getvalue()
