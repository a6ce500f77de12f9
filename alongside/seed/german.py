"""Conversations in German."""

from __future__ import annotations

from alongside.seed.script import (
    ANDROID,
    BAGS,
    BOOTS,
    CART,
    FIREFOX,
    HOME,
    IPHONE,
    JACKETS,
    MAC,
    ORDERS,
    PACKS,
    RETURNS,
    STOVES,
    TENTS,
    WINDOWS,
    Story,
    agent,
    note,
    status,
    take,
    team,
    visitor,
)  # fmt: skip

STORIES = (
    Story("Katharina Weiß", "k.weiss@post.example", "de", 0.1, PACKS, MAC, (
        visitor("Guten Tag, passt in den Tarn 38 eine Trinkblase mit 3 Litern?"),
    ), referrer="https://www.ecosia.org/", seen=False),
    Story("Jürgen Schäfer", "j.schaefer@post.example", "de", 0.4, ORDERS, WINDOWS, (
        visitor("Ich habe mich bei der Lieferadresse vertippt (Bestellung 20431). Kann man das noch ändern?"),
        visitor("Richtig wäre Ahornweg 14, nicht 41", 1),
        take("ines"),
    ), verified=True, seen=False),
    Story("Fatma Yıldız", "fatma@post.example", "de", 0.9, BAGS, IPHONE, (
        visitor("Kann ich den Daunenschlafsack in der Maschine waschen?"),
        agent("lena", "Ja, bei 30 Grad mit Daunenwaschmittel und ohne Weichspüler. Danach mit zwei "
              "Tennisbällen in den "
              "Trockner, bis nichts mehr klumpt. Das dauert ruhig zwei, drei Stunden.", 4),
        visitor("Tennisbälle? 😄 Und wenn ich keinen Trockner habe?", 2),
    )),
    Story("Moritz Lange", "moritz.lange@post.example", "de", 2.2, TENTS, FIREFOX, (
        visitor("Hallo, ist das Birchlight 2 auch für Schnee geeignet?"),
        take("tom"),
        agent("tom", "Hallo Moritz, für ein paar Zentimeter ja, für echten Winter nein: Die Apsis "
              "hat keine Schneelappen. "
              "Schau dir das Birchlight Winter an.", 6),
        visitor("Danke! Das ist mir leider zu schwer. Was wiegt es genau mit Heringen?", 4),
        note("tom", "Produktseite nennt nur das Mindestgewicht. Bitte ergänzen!", 3),
        agent("tom", "2,9 kg mit allem, 2,4 kg ohne Heringe und Packsack.", 1),
    ), verified=True),
    Story("Anneliese Krüger", "a.krueger@post.example", "de", 4, RETURNS, WINDOWS, (
        visitor("Sehr geehrte Damen und Herren, ich möchte die Stiefel zurückgeben, finde aber "
              "keinen Rücksendeschein im Paket."),
        team("orders", "tom"),
        agent("lena", "Guten Tag Frau Krüger, den Schein drucken wir nicht mehr mit. Ich habe Ihnen "
              "gerade einen per E-Mail geschickt; "
              "Sie können ihn auch ohne Drucker als Code in der Filiale zeigen.", 11),
        visitor("Das hat gut geklappt, vielen Dank für die schnelle Hilfe!", 45),
        agent("lena", "Das freut mich. Einen schönen Tag!", 2, done=True),
    ), verified=True),
    Story("Ben Hoffmann", "ben@post.example", "de", 6.5, STOVES, ANDROID, (
        visitor("Welche Kartuschen passen auf den Ember?"),
        agent("sam", "Alle mit Schraubventil nach EN 417, also zum Beispiel von Primus, MSR oder Optimus.", 5),
        status("sam", "done", 30),
    )),
    Story("Sophie Neumann", "sophie.neumann@post.example", "de", 9.5, JACKETS, IPHONE, (
        visitor("Fällt die Sleet Shell eher groß aus? Ich trage sonst M."),
        agent("ines", "Sie ist so geschnitten, dass ein Pullover darunter passt. Mit M liegen Sie richtig.", 6),
        visitor("Und in welcher Farbe ist M lieferbar?", 14),
        agent("ines", "In Moos und Schiefer sofort, in Rost ab nächster Woche.", 5),
    )),
    Story("Rainer Vogt", "rainer.vogt@post.example", "de", 24, ORDERS, MAC, (
        visitor("Rechnung zur Bestellung 20289 bitte auf die Firma ausstellen."),
        take("ines"),
        agent("ines", "Gern. Wie lautet die genaue Firmierung?", 3),
        visitor("Vogt Landschaftsbau GmbH, Am Wehr 3, 79102 Freiburg", 5),
        agent("ines", "Erledigt, die neue Rechnung ist in Ihrem Postfach.", 8, done=True),
    ), verified=True),
    Story("Clara Sommer", "clara.sommer@post.example", "de", 30, HOME, ANDROID, (
        visitor("Bietet ihr auch Gutscheine an?"),
        agent("sam", "Ja, ab 10 Euro, sofort per E-Mail oder als Karte mit der Post.", 9, done=True),
    )),
    Story("Emre Aydın", "emre.aydin@post.example", "de", 47, BOOTS, WINDOWS, (
        visitor("Die Sohle meiner Ridgewalker löst sich nach einem Jahr. Ist das Garantie?"),
        take("lena"),
        agent("lena", "Das sehen wir uns an: Zwei Jahre Gewährleistung haben Sie auf jeden Fall. "
              "Schicken Sie mir bitte ein Foto an "
              "werkstatt@fernwood.example?", 7),
        visitor("Ist unterwegs.", 30),
        note("lena", "Foto da: klarer Klebefehler. Neu besohlen oder ersetzen, wie er mag.", 90),
        agent("lena", "Danke für das Foto. Das ist ein Fehler von uns. Möchten Sie die Schuhe neu "
              "besohlt haben oder ein neues Paar?", 4),
    ), verified=True),
    Story("Lotte Berger", "lotte@post.example", "de", 96, CART, MAC, (
        visitor("Liefert ihr in die Schweiz?"),
        agent("tom", "Noch nicht direkt, leider. Viele lassen an eine Abholstelle in Weil am Rhein "
              "liefern.", 12, done=True),
        visitor("Gute Idee, danke.", 20),
        agent("tom", "Viel Spaß draußen!", 5, done=True),
    )),
    Story("Friedrich Amann", "f.amann@post.example", "de", 190, TENTS, FIREFOX, (
        visitor("Wie alt darf ein Zelt sein, bis die Beschichtung nachlässt? Meins ist von 2014."),
        agent("sam", "Zehn Jahre sind ein gutes Alter. Wenn der Boden klebt, ist es vorbei; sonst "
              "hilft eine neue Imprägnierung.", 15),
        note("sam", "Netter Kunde, war schon im Laden. Bei Bedarf Rabatt auf das neue Modell.", 2),
        status("sam", "done", 1),
    )),
)  # fmt: skip
