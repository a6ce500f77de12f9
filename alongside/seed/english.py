"""Conversations in English."""

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
    Story("Priya Raman", "priya.raman@mail.example", "en", 0.05, TENTS, MAC, (
        visitor("Hi! Does the Birchlight 2 come with a footprint, or is that separate?"),
        visitor("And would it fit two people of 1.90 m?", 0.5),
    ), referrer="https://www.google.com/", seen=False),
    Story("Daniel Moreau", "daniel.moreau@mail.example", "en", 0.2, CART, WINDOWS, (
        visitor("My discount code FERN10 says it is not valid. The newsletter says until Sunday?"),
    ), verified=True, seen=False),
    Story("Grace Lindqvist", "grace.l@mail.example", "en", 0.6, BOOTS, IPHONE, (
        visitor("Hello, I am between 41 and 42 in the Ridgewalker. Which one should I take?"),
        agent("tom", "Hi Grace! They run slightly small. With thick socks most people are happier half a size up, "
              "so I would go for the 42.", 3),
        visitor("My feet are rather narrow though", 2),
        agent("tom", "Then the 41.5 with the thin insole would be my pick. Exchanges are free for 60 days, so you "
              "can walk around the house first.", 2),
        visitor("Great, ordering the 41.5. Do you have it in green?", 4),
    ), referrer="https://duckduckgo.com/"),
    Story("Oluwaseun Adeyemi", "seun@mail.example", "en", 1.5, ORDERS, ANDROID, (
        visitor("Where is my parcel? Tracking has not moved since Tuesday. Order 20418"),
        take("ines"),
        agent("ines", "I am sorry about that. Let me ask the carrier, one moment.", 2),
        note("ines", "Carrier says: stuck in the Leipzig hub, scanned again this morning. If not "
              "out by tomorrow 12:00, "
             "send a new one.", 9),
        agent("ines", "It was held in the sorting centre and is on the way again since this "
              "morning. If it is not with "
              "you tomorrow by noon I will send a new one at once, no need to write again.", 1),
    ), verified=True),
    Story("Hannah Price", "hannah.price@mail.example", "en", 3, RETURNS, MAC, (
        visitor("The zip of my Sleet Shell broke after five weeks :("),
        agent("lena", "Oh no, that should not happen. Could you tell me which of the zips, and your "
              "order number?", 4),
        visitor("The main one, at the bottom. 19877", 3),
        team("orders", "lena"),
        note("lena", "Third one of this batch (SS-0922). @Ines shall we tell the supplier?", 2),
        agent("lena", "Thank you. I have made a repair label for you, it is in your mail. Repairs "
              "take about six days.", 3),
    ), verified=True),
    Story("Marcus Bell", "marcus.bell@mail.example", "en", 5, STOVES, WINDOWS, (
        visitor("Is the Ember stove allowed in checked luggage on a plane?"),
        agent("sam", "The stove itself yes, if it is clean and empty. Gas cartridges never. Buy "
              "those at your destination: "
              "it takes the common screw valve (EN 417).", 5, done=True),
    )),
    Story("Yuki Tanaka", "yuki.tanaka@mail.example", "en", 8, BAGS, MAC, (
        visitor("What does comfort -4 mean for somebody who always freezes? 😅"),
        agent("tom", "Honest answer: take the next warmer one. The comfort value is for an average "
              "sleeper; if you freeze easily, "
              "count five degrees off. The Hollow Down -10 weighs just 180 g more.", 6),
        visitor("Thank you, that is the kind of answer I was hoping for", 3),
        status("tom", "done", 5),
    ), referrer="https://www.reddit.com/r/camping"),
    Story("Bea Castellanos", "bea.c@mail.example", "en", 11, HOME, IPHONE, (
        visitor("Do you have a shop in Lisbon?"),
        agent("sam", "Not yet! Our only shop is in Freiburg, but we deliver to Portugal in three to "
              "five days.", 8, done=True),
        visitor("And can I return from Portugal too?", 60),
    )),
    Story("Peter Novak", "p.novak@mail.example", "en", 20, PACKS, FIREFOX, (
        visitor("Can the hip belt of the Tarn 38 be taken off?"),
        take("sam"),
        agent("sam", "Yes, two buckles and it slides out. Saves 210 g.", 4, done=True),
    )),
    Story("Amelia Hart", "amelia.hart@mail.example", "en", 27, ORDERS, WINDOWS, (
        visitor("I ordered two jackets but got one. Order 20377."),
        take("lena"),
        agent("lena", "Checking with the warehouse, I will come back to you here today.", 3),
        note("lena", "Warehouse: the second one is in another parcel, left a day later.", 40),
        agent("lena", "Found it: the second jacket left a day later in its own parcel. It should be "
              "with you tomorrow.", 2),
        visitor("It just arrived, thank you!", 1300),
        agent("lena", "Wonderful. Enjoy the rain!", 10, done=True),
    ), verified=True),
    Story("Rui Ferreira", "rui@mail.example", "en", 33, JACKETS, ANDROID, (
        visitor("Is the Sleet Shell PFAS free?"),
        agent("tom", "Yes, membrane and coating both, since the 2023 model.", 7, done=True),
    )),
    Story("Chloe Dubois", "chloe.dubois@mail.example", "en", 52, TENTS, MAC, (
        visitor("Pole of my Birchlight snapped in the wind. Can I buy a single segment?"),
        team("gear", "ines"),
        agent("sam", "You can: segment 8.5 mm, 36 cm, 6 EUR. How long is yours, measured without the insert?", 12),
        visitor("35.5", 9),
        agent("sam", "That is the one. I have put it into your basket, with a repair sleeve on the house.", 3),
    ), verified=True),
    Story("Noah Fischer", "noah.f@mail.example", "en", 75, CART, WINDOWS, (
        visitor("Paying with PayPal fails, it throws me back to the basket."),
        take("ines"),
        note("ines", "Reproduced with Firefox strict mode. Told the shop team, ticket WEB-311.", 15),
        agent("ines", "Thank you for telling us. It happens when the browser blocks third-party "
              "cookies. Until we have mended it, "
              "a card or an invoice will work.", 3),
    )),
)  # fmt: skip
