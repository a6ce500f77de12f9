"""Ten thousand text blocks: what an agent waits for after each letter behind the `#`, over the product's own door."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

import asyncpg

from alongside.domains.textblocks.logic.content import Content, search_forms
from bench import servers, wire, words
from bench.cluster import Cluster, Company
from bench.million import Act, Agent, measure

TOPICS = """
    return exchange refund invoice delivery parcel tracking address order payment voucher size warranty repair opening
    login password newsletter subscription cancellation complaint Rücksendung Umtausch Erstattung Rechnung Lieferung
    Sendung Anschrift Bestellung Zahlung Gutschein Größe Garantie Reparatur Öffnungszeiten Kündigung Beschwerde
""".split()  # noqa: SIM905 - a list of words reads best as text
SENTENCES = 4
LANGUAGES = ("en", "de", None)


class Typist(Agent):
    """An agent who looks for text blocks."""

    async def search(self, typed: str) -> float:
        """One question."""
        took, _ = await self.call("GET", f"/text-blocks/search?q={quote(typed)}&language=de")
        return took

    async def nothing_typed(self) -> float:
        """Only the `#`: the most used."""
        return await self.search("")

    async def one_letter(self) -> float:
        """The first letter: many begin so."""
        return await self.search(self._chance.choice(TOPICS)[0])

    async def a_few_letters(self) -> float:
        """Two to five letters of a word that titles hold."""
        return await self.search(self._chance.choice(TOPICS)[: self._chance.randint(2, 5)])

    async def words_of_the_text(self) -> float:
        """Two words from somewhere in the text."""
        return await self.search(" ".join(self._chance.sample(words.sentence(self._chance).split(), 1)) + " parcel")

    async def nothing_found(self) -> float:
        """What stands nowhere."""
        return await self.search("quetzal")


async def textblocks(cluster: Cluster, company: Company, blocks: int, times: int) -> list[Act]:
    """Each question `times` times."""
    await _seed(company.url, blocks)
    with servers.alongside(cluster.data_dir, company.url) as (port, _, _):
        typist = Typist(await wire.http(port), port, random.Random(9), company)  # noqa: S311
        acts = {
            "only #": typist.nothing_typed,
            "one letter": typist.one_letter,
            "two to five letters": typist.a_few_letters,
            "words of the text": typist.words_of_the_text,
            "nothing found": typist.nothing_found,
        }
        return [await measure(name, act, times) for name, act in acts.items()]


async def _seed(url: str, blocks: int) -> None:
    chance = random.Random(21)  # noqa: S311 - the same blocks every time
    rows = list(_rows(chance, blocks))
    connection = await asyncpg.connect(url)
    try:
        columns = ["id", "title", "shortcut", "text", "folder", "language", "uses", "everybody"]
        columns += ["search_title", "search_shortcut", "search_text"]
        await connection.copy_records_to_table("text_block", records=rows, columns=columns)
        scopes = [(row[0], None, row[2], row[5]) for row in rows]
        columns = ["text_block_id", "team_id", "shortcut", "language"]
        await connection.copy_records_to_table("text_block_scope", records=scopes, columns=columns)
        await connection.execute("VACUUM ANALYZE text_block, text_block_scope")
    finally:
        await connection.close()


def _rows(chance: random.Random, blocks: int) -> Iterator[tuple[Any, ...]]:
    for number in range(blocks):
        topics = chance.sample(TOPICS, 3)
        block = Content(
            title=f"{topics[0].capitalize()}: {topics[1]} and {topics[2]} {number}",
            shortcut=f"{topics[0].lower()}-{number}" if chance.random() < 0.5 else None,
            text=" ".join(words.sentence(chance) for _ in range(SENTENCES)),
            folder=topics[0],
            language=chance.choice(LANGUAGES),
        )
        block_id = UUID(int=chance.getrandbits(128), version=4)
        parts = (block.title, block.shortcut, block.text, block.folder, block.language)
        yield block_id, *parts, int(chance.expovariate(0.02)), True, *search_forms(block)
