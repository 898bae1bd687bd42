"""Wiring: the only file that names concrete classes. Nothing else knows which database or engine there is."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from importlib import resources
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from app.assistant import Assistant, now
from app.channels import Channel, Site, find_channels, find_sites
from app.costs import CostsStore, Prices, no_prices, prices_of_ceiling
from app.desk import Desk
from app.desk_calls import DeskCalls
from app.duty import Duty
from app.hashing import Sealing, SlowHash
from app.health import Health
from app.helping import Helping
from app.inbox import Inbox
from app.limiting import Guard, Spending, countries_of
from app.loading import load
from app.log import event
from app.metering import UsageStore
from app.missed_calls import EACH_A_DAY, IN_ALL_A_DAY, OPEN_FOR, MissedCalls
from app.naming import Named, names
from app.news import News, may_arrive
from app.outbox import Outbox
from app.own_voice import OwnVoice, find_own_voice
from app.promised_calls import PromisedCalls
from app.reading import LibraryReader
from app.recordings import Recordings, RecordingStore
from app.report import ReportStore
from app.retention import RetentionStore
from app.secret_numbers import SecretNumbers
from app.settings import Settings
from app.staff import Accounts
from app.understanding import Bounded, understand
from app.waits import Waits
from app.wording import read_wording
from core import codes
from core.catalog import Catalog, Town
from core.commands import Spotter, spotter
from core.errors import Misconfigured
from core.limits import Alarm
from core.ports import Files, Recognizer, Sealer, Sender, Sequencer, Storage, Words
from core.render import Part
from core.staff import Consent
from core.types import Address, Medium, Phrase, Understanding
from store.database import Database, open_database
from store.desk_store import SqlDesk
from store.files import Folder
from store.health_store import SqlHealth
from store.inbox_store import SqlInbox
from store.outbox_store import SqlOutbox
from store.recording_store import SqlRecordings
from store.report_store import SqlReport
from store.retention_store import SqlRetention
from store.ring_store import SqlRings
from store.staff_store import SqlStaff
from store.unit_of_work import SqlStorage
from store.usage_store import SqlUsage

if TYPE_CHECKING:
    from nlu.embedded import Embedded
    from nlu.encoder import Encoder
    from nlu.evaluation import Judged
    from nlu.growth import Taken as Taken
    from nlu.hiding import Hidden as Hidden
    from nlu.hiding import Shares as Shares
    from nlu.loader import Source
    from nlu.public_sets import Scored as Scored
    from nlu.rasa_engine import Rasa
    from nlu.report import Report
    from nlu.search_growth import Grown as Grown
    from nlu.suggesting import Proposals as Proposals
    from store.measuring import Measured as Measured
    from store.measuring import Statement as Statement


class RandomNumbers:
    """References and codes from the system's secure random source. `core.ports.Sequencer`."""

    def reference(self) -> str:
        """Nine digits, the last a check digit."""
        return codes.reference(secrets.randbelow(10 ** (codes.REFERENCE_DIGITS - 1)))

    def code(self) -> str:
        """Eight digits, the last a check digit."""
        return codes.code(secrets.randbelow(10 ** (codes.CODE_DIGITS - 1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What understands residents: exact rules and the engine."""

    spotter: Spotter
    recognizer: Recognizer


@dataclass(frozen=True, kw_only=True)
class Plainline:
    """One installation, wired. Parts are made when they are first asked for. `clock` tells the time, in UTC."""

    settings: Settings
    catalog: Catalog
    words: Words
    language: Language
    channels: tuple[Channel, ...]
    sites: tuple[Site, ...] = ()
    prices: Prices = field(default_factory=no_prices)
    clock: Callable[[], datetime] = now

    @cached_property
    def _database(self) -> Database:
        return open_database(self.settings.database_url)

    @cached_property
    def storage(self) -> Storage:
        """What conversations are kept in."""
        return SqlStorage(self._database)

    @cached_property
    def own_voice(self) -> OwnVoice:
        """What the office has spoken itself."""
        return find_own_voice(self.settings.own_voice, self.catalog.town.languages)

    def spoken(self, language: str, *phrases: Phrase) -> tuple[Part, ...]:
        """These sentences as callers hear them in this language."""
        said = (Part(text=self.words.say(one, language, "voice"), language=language) for one in phrases)
        return self.own_voice.spoken(said)

    @cached_property
    def assistant(self) -> Assistant:
        """What answers residents."""
        duty = Duty(SqlDesk(self._database).on_duty)
        return assistant(
            self.catalog,
            self.words,
            self.language,
            self.storage,
            RandomNumbers(),
            duty,
            self.waits,
            self.guard,
            self.sealing,
        )

    @cached_property
    def hashing(self) -> SlowHash:
        """What keeps passwords and secret numbers."""
        return SlowHash()

    @cached_property
    def sealing(self) -> Sealer:
        """What seals secret numbers."""
        return Sealing(self.hashing, self.settings.secret_key)

    @cached_property
    def guard(self) -> Guard:
        """What keeps floods and fraud out."""
        limiting = self.settings.limiting
        return Guard(
            countries=limiting.countries or countries_of(self.catalog),
            texts=limiting.texts,
            calls=limiting.calls,
            spending=self.spending,
        )

    @cached_property
    def spending(self) -> Spending:
        """What a day costs."""
        return Spending(
            amounts=SqlUsage(self._database).amounts,
            prices=self.prices,
            ceiling=self.settings.limiting.ceiling,
            timezone=self.catalog.town.timezone,
        )

    @cached_property
    def waits(self) -> Waits:
        """How long one waits for a person."""
        return Waits(SqlDesk(self._database).waited, self.catalog)

    @cached_property
    def desk(self) -> Desk:
        """What staff do."""
        news = self.desk_news
        return Desk(
            store=SqlDesk(self._database),
            assistant=self.assistant,
            capabilities=news.capabilities,
            news=news,
            clock=self.clock,
        )

    @cached_property
    def desk_news(self) -> News:
        """What tells residents how far their cases are."""
        return News(
            store=SqlDesk(self._database),
            catalog=self.catalog,
            words=self.words,
            guard=self.guard,
            sequencer=RandomNumbers(),
            capabilities={channel.name: channel.capabilities for channel in self.channels},
        )

    @cached_property
    def helping(self) -> Helping:
        """Who may act for whom."""
        return Helping(desk=self.desk, assistant=self.assistant, clock=self.clock)

    @cached_property
    def desk_calls(self) -> DeskCalls:
        """Calls that staff place."""
        voice = self.channel("voice")
        return DeskCalls(
            desk=self.desk,
            store=self.desk.store,
            promises=self.promised_calls,
            caller=voice.caller(self.settings) if voice.caller else None,
            clock=self.clock,
        )

    @cached_property
    def promised_calls(self) -> PromisedCalls:
        """What becomes of calls that residents were promised."""
        store = SqlDesk(self._database)
        return PromisedCalls(store=store, catalog=self.catalog, words=self.words, guard=self.guard, clock=self.clock)

    @cached_property
    def missed_calls(self) -> MissedCalls:
        """Who rings the number for missed calls is phoned back."""
        return _missed_calls(self._database, self.channels, self.settings, self.clock, self.catalog.town)

    @cached_property
    def accounts(self) -> Accounts:
        """Who may use the console."""
        return Accounts(SqlStaff(self._database), self.clock, self.hashing)

    @cached_property
    def outbox(self) -> Outbox:
        """What sends texts, for every channel that has its provider set up and no process of its own."""
        return self.outbox_of(_senders(self.channels, self.settings))

    def outbox_of(self, senders: Mapping[str, Sender]) -> Outbox:
        """What sends the texts of the channels that these are for."""
        return _outbox(self._database, self.channels, self.settings, senders, self.clock, self.catalog.town)

    @cached_property
    def recordings(self) -> RecordingStore:
        """What is known of recordings."""
        return SqlRecordings(self._database)

    @cached_property
    def files(self) -> Files:
        """Where recordings are kept."""
        return kept_files(self.settings)

    @cached_property
    def fetching(self) -> Recordings | None:
        """What fetches recordings, None where no provider is set up that makes any."""
        return _fetching(self.channels, self.settings, self._database, self.clock)

    @cached_property
    def usage(self) -> UsageStore:
        """Where it is kept what calls and texts cost."""
        return SqlUsage(self._database)

    @cached_property
    def report(self) -> ReportStore:
        """What is counted of real use."""
        return SqlReport(self._database)

    @cached_property
    def inbox(self) -> Inbox:
        """What providers brought and is still to be worked on."""
        return SqlInbox(self._database)

    @cached_property
    def health(self) -> Health:
        """How things are."""
        current = partial(schema_is_current, self.settings.database_url)
        store, ceiling = SqlHealth(self._database), self.spending.reached
        return Health(store=store, current=current, ceiling=ceiling, clock=self.clock)

    @cached_property
    def retention(self) -> RetentionStore:
        """What can be forgotten."""
        return SqlRetention(self._database)

    @cached_property
    def measured(self) -> Measured:
        """What `plainline bench` asks of the database."""
        from store.measuring import Measured  # here, because nothing else measures

        return Measured(self._database)

    def close(self) -> None:
        """Let go of the database. It is opened again if it is asked for."""
        self._database.close()

    def channel(self, name: str) -> Channel:
        """The channel with this name; KeyError if no folder brings it."""
        return {channel.name: channel for channel in self.channels}[name]


def _senders(channels: Iterable[Channel], settings: Settings) -> dict[str, Sender]:
    made = {c.name: c.sender(settings) for c in channels if c.sender}
    return {name: sender for name, sender in made.items() if sender is not None}


def _outbox(
    database: Database,
    channels: Iterable[Channel],
    settings: Settings,
    senders: Mapping[str, Sender],
    clock: Callable[[], datetime],
    town: Town,
) -> Outbox:
    within = {c.name: c.within for c in channels if c.within}
    asking = (c for c in channels if c.name in senders and c.inviter)
    inviters = {c.name: inviter for c in asking if c.inviter and (inviter := c.inviter(settings))}
    arrival = may_arrive(town)
    return Outbox(SqlOutbox(database), senders, clock, may_arrive=arrival, within=within, inviters=inviters)


def _missed_calls(
    database: Database, channels: Iterable[Channel], settings: Settings, clock: Callable[[], datetime], town: Town
) -> MissedCalls:
    rings = SqlRings(database, each=EACH_A_DAY, in_all=IN_ALL_A_DAY, open_for=OPEN_FOR)
    callers = (channel.caller(settings) for channel in channels if channel.caller)
    return MissedCalls(store=rings, caller=next(callers, None), clock=clock, may_arrive=may_arrive(town))


def kept_files(settings: Settings) -> Files:
    """Where files are kept: a bucket where one is set, else a folder. Raises `Misconfigured` if what a bucket needs is
    not installed."""
    at = settings.s3
    if at is None:
        return Folder(settings.files)
    from store.bucket import Bucket  # here, because few towns have one

    return Bucket(
        bucket=at.bucket,
        endpoint=at.endpoint,
        region=at.region,
        access_key=at.access_key,
        secret_key=at.secret_key,
    )


def _fetching(
    channels: Iterable[Channel], settings: Settings, database: Database, clock: Callable[[], datetime]
) -> Recordings | None:
    made = (channel.recorder(settings) for channel in channels if channel.recorder)
    recorder = next((one for one in made if one is not None), None)
    if recorder is None:
        return None
    return Recordings(store=SqlRecordings(database), files=kept_files(settings), recorder=recorder, clock=clock)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the worker works with, and nothing else: the catalogue and its words, and no engine."""

    outbox: Outbox
    missed_calls: MissedCalls
    recordings: Recordings | None
    promises: PromisedCalls
    retention: RetentionStore


def work(settings: Settings) -> Work:
    """The worker's parts."""
    database, catalog = open_database(settings.database_url), load(settings.catalogue)
    channels = find_channels()
    return Work(
        outbox=_outbox(database, channels, settings, _senders(channels, settings), now, catalog.town),
        missed_calls=_missed_calls(database, channels, settings, now, catalog.town),
        recordings=_fetching(channels, settings, database, now),
        promises=_promised_calls(settings, database, catalog),
        retention=SqlRetention(database),
    )


def _promised_calls(settings: Settings, database: Database, catalog: Catalog) -> PromisedCalls:
    """Its texts are one a promise at most, so only numbers that are never texted are kept from them."""
    guard = Guard(countries=settings.limiting.countries or countries_of(catalog))
    words = read_wording(catalog.town)
    return PromisedCalls(store=SqlDesk(database), catalog=catalog, words=words, guard=guard, clock=now)


def build(settings: Settings) -> Plainline:
    """Load and check everything that is read at start. Raises `Misconfigured` with every mistake of a kind."""
    catalog = load(settings.catalogue)
    words = read_wording(catalog.town)
    prices = prices_of_ceiling(settings)
    kept_files(settings)  # what it needs is missed at the start, and not when somebody is to hear a recording
    return Plainline(
        settings=settings,
        catalog=catalog,
        words=words,
        language=understanding(catalog, words, settings),
        channels=find_channels(),
        sites=find_sites(),
        prices=prices,
    )


def nobody(_at: datetime) -> frozenset[str]:
    """No staff are at the desk."""
    return frozenset()


def unknown(_at: datetime, _medium: Medium) -> Mapping[str, float]:
    """Nothing is known of any wait."""
    return {}


def assistant(
    catalog: Catalog,
    words: Words,
    language: Language,
    storage: Storage,
    sequencer: Sequencer,
    on_duty: Callable[[datetime], frozenset[str]] = nobody,
    waits: Callable[[datetime, Medium], Mapping[str, float]] = unknown,
    guard: Guard | None = None,
    sealer: Sealer | None = None,
) -> Assistant:
    """An assistant on this storage. Without a `guard` it holds nothing back; without a `sealer` secret numbers are
    known again by this process alone."""
    guard = guard or Guard()
    sealer = sealer or Sealing(SlowHash(), secrets.token_hex())
    engine = Bounded(engine=language.recognizer, services=catalog.services, languages=catalog.town.languages)
    return Assistant(
        storage=storage,
        recognizer=engine,
        reader=LibraryReader(
            phone_region=catalog.town.phone_region,
            languages=catalog.town.languages,
            timezone=catalog.town.timezone,
            countries=guard.countries,
        ),
        words=words,
        spotter=language.spotter,
        sequencer=sequencer,
        catalog=catalog,
        on_duty=on_duty,
        waits=waits,
        guard=guard,
        secret_numbers=SecretNumbers(storage=storage, sealer=sealer, timezone=catalog.town.timezone),
    )


def understanding(catalog: Catalog, words: Words, settings: Settings) -> Language:
    """The exact rules, and the engine: trained in seconds if the cache has none for this data. Each other engine that
    is set stands before it, and what it does not answer the one behind it does."""
    from nlu import clauses, embedded, search  # here: they are large, and the worker understands nothing

    with _examples(catalog, settings) as source:
        engine = embedded.train_or_load(source, settings.folder)
        semantic = _semantic(source, settings)
    found = spotter(engine.lexicons, catalog.town.emergencies)
    cutters = {lexicon.language: clauses.cutter(lexicon) for lexicon in engine.lexicons}
    others: dict[str, Recognizer] = {semantic.name: semantic} if semantic else {}
    if settings.rasa_url:
        others["rasa"] = _rasa(settings.rasa_url, engine, catalog)
    hearing: Recognizer = clauses.Clauses(engine=engine, cutters=cutters)
    for name, other in others.items():
        hearing = _either(name, clauses.Clauses(engine=other, cutters=cutters), hearing, share=1 / len(others))
    hearing = search.searching(hearing, engine, catalog, words)
    return Language(spotter=found, recognizer=Named(engine=hearing, names=names(catalog, words)))


def _encoder(settings: Settings) -> Encoder | None:
    """What the engine `semantic` asks beside the words, if that is set."""
    from nlu.embedded import SEMANTIC
    from nlu.encoder import Encoder

    return Encoder(name=settings.encoder, folder=settings.folder) if settings.nlu == SEMANTIC else None


def _semantic(source: Source, settings: Settings) -> Embedded | None:
    """The engine with the encoder that is set beside the words. All examples are encoded once, which takes minutes.
    None where none is set, or where it fails meanwhile: the engine of words alone answers."""
    from nlu import embedded

    encoder = _encoder(settings)
    if encoder is None:
        return None
    try:
        return embedded.train_or_load(source, settings.folder, encoder)
    except Misconfigured:
        raise
    except Exception as fault:  # an office's own encoder may fail in any way
        event("engine_gave_no_answer", level=logging.WARNING, engine=embedded.SEMANTIC, reason=type(fault).__name__)
        return None


def _rasa(url: str, within: Recognizer, catalog: Catalog) -> Rasa:
    """The engine that asks a Rasa server."""
    from nlu import rasa_engine, rasa_project

    return rasa_engine.Rasa(url=url, within=within, intents=rasa_project.known(catalog))


def _either(name: str, outside: Recognizer, within: Recognizer, share: float) -> Recognizer:
    """What the engine of this name believes, or what is believed without it where it does not answer. It has this
    share of the time that there is for engines that may not answer."""
    from nlu import fallback

    def tell(reason: str) -> None:
        event("engine_gave_no_answer", level=logging.WARNING, engine=name, reason=reason)

    return fallback.Fallback(name=name, outside=outside, within=within, budget=share * fallback.BUDGET, tell=tell)


def evaluated(language: Language, kind: str, languages: Sequence[str]) -> Report:
    """How well these languages are understood; `kind` names the sentences kept apart: test or calibration."""
    from nlu import report

    def meant(text: str, spoken: str) -> Understanding:
        return understand(text, spoken, language.spotter, language.recognizer)

    with resources.as_file(resources.files("nlu") / kind) as folder:
        return report.report(meant, folder, languages)


def faithful(language: Language, judged: Mapping[str, Judged]) -> tuple[int, int]:
    """Of how many sentences it was tried whether the words named as evidence counted, and in how many they did."""
    from nlu import loader
    from nlu.faithful import faithful as counted

    each = []
    for name, one in judged.items():
        said = [heard.example for heard in one.heard]
        each.append(counted(language.recognizer.parse, said, Random(name), spaced=not loader.is_chinese(name)))
    return sum(tried for tried, _ in each), sum(held for _, held in each)


def public_sets(folder: Path, settings: Settings) -> tuple[Scored, ...]:
    """How the engine's classifier does on the public sets in this folder."""
    from nlu import public_sets as sets

    return tuple(sets.scored(folder, _encoder(settings)))


def export_rasa(catalog: Catalog, settings: Settings, folder: Path) -> Mapping[str, int]:
    """Write a Rasa project into the folder; how many sentences each language has."""
    from nlu import rasa_project

    with _examples(catalog, settings) as source:
        return rasa_project.export(source.read(), folder)


def calibrate_rasa(catalog: Catalog, settings: Settings, url: str) -> Iterator[str]:
    """How sure the Rasa server at this address must be, by the sentences kept apart for that, line by line."""
    from nlu import embedded, rasa_calibrating

    with _examples(catalog, settings) as source:
        engine = embedded.train_or_load(source, settings.folder)
        apart = [(one.language, one.apart) for one in source.read() if one.apart]
    return rasa_calibrating.told(rasa_calibrating.asked(_rasa(url, engine, catalog), apart))


def hidden(services: Sequence[str], catalog: Catalog, words: Words, settings: Settings) -> Iterator[Hidden]:
    """How well each of these services is understood where only three of its phrases are learnt."""
    from nlu import hiding

    with _examples(catalog, settings) as source:
        loaded = source.read()
    return hiding.hidden(loaded, services, catalog, words)


def searched(catalog: Catalog) -> list[Grown]:
    """How fast large catalogues are searched, made of the words of this one's phrases."""
    from nlu import search_growth

    return search_growth.grown([phrase for service in catalog.services.values() for phrase in service.phrases])


def grown(catalog: Catalog, settings: Settings, services: int) -> Taken:
    """What so many services take, made of the words of the town's first language."""
    from nlu import growth

    with _examples(catalog, settings) as source:
        return growth.grown(source.read()[0], services)


def growth_sizes() -> tuple[int, ...]:
    """The numbers of services that are tried."""
    from nlu import growth

    return growth.SIZES


def gaps(catalog: Catalog, settings: Settings) -> tuple[str, ...]:
    """Services with too few phrases in a language, as "language service"."""
    from nlu import loader

    with _examples(catalog, settings) as source:
        return tuple(f"{gap.language} {gap.service}" for gap in loader.gaps(source.read(), catalog))


def suggested(catalog: Catalog, settings: Settings) -> Proposals:
    """What may be learnt from the corrections of staff that are kept. It only reads."""
    from nlu import suggesting

    database = open_database(settings.database_url)
    try:
        corrected = SqlDesk(database).corrected()
    finally:
        database.close()
    with _examples(catalog, settings) as source:
        return suggesting.proposed(corrected, source.read())


def not_understood(catalog: Catalog, settings: Settings) -> dict[str, list[str]]:
    """Wishes that were not understood, by language and with personal words replaced, as long as words are kept."""
    from nlu.suggesting import ordinary
    from nlu.unclear import told

    with reported(settings.database_url) as store, _examples(catalog, settings) as source:
        known = {data.language: ordinary(data) for data in source.read()}
        return told(store.unclear(), known)


@contextmanager
def _examples(catalog: Catalog, settings: Settings) -> Iterator[Source]:
    """A town's own examples from the folder nlu in its catalogue; else ours, as far as they are about its services."""
    from nlu.loader import Source

    own = settings.catalogue / "nlu" if settings.catalogue else None
    if own and own.is_dir():
        yield Source(folder=own, catalog=catalog)
        return
    with resources.as_file(resources.files("nlu") / "data") as folder:
        yield Source(folder=folder, catalog=catalog, whole=settings.catalogue is None)


def storage(database_url: str) -> Storage:
    """The database at this URL."""
    return SqlStorage(open_database(database_url))


def upgrade(database_url: str) -> None:
    """Bring the database to the newest schema."""
    from store import migrate  # here, because Alembic is large, and below `plainline up` only one process needs it

    migrate.upgrade(database_url)


def accounts(database_url: str) -> Accounts:
    """Who may use the console, without loading anything else."""
    return Accounts(SqlStaff(open_database(database_url)), now)


@contextmanager
def usage(database_url: str) -> Iterator[CostsStore]:
    """What calls and texts took, without loading anything else."""
    with closing(open_database(database_url)) as database:
        yield SqlUsage(database)


@contextmanager
def reported(database_url: str) -> Iterator[ReportStore]:
    """What is counted of real use, without loading anything else."""
    with closing(open_database(database_url)) as database:
        yield SqlReport(database)


@contextmanager
def consents(database_url: str, to: Address) -> Iterator[tuple[Consent, ...]]:
    """What was noted of texts to an address, oldest first, without loading anything else."""
    with closing(open_database(database_url)) as database:
        yield SqlDesk(database).consents(to)


def alarms(settings: Settings) -> tuple[Alarm, ...]:
    """What whoever runs the line has to see to, without loading anything else."""
    with closing(open_database(settings.database_url)) as database:
        spending = Spending(
            amounts=SqlUsage(database).amounts,
            prices=prices_of_ceiling(settings),
            ceiling=settings.limiting.ceiling,
            timezone=load(settings.catalogue).town.timezone,
        )
        health = Health(store=SqlHealth(database), current=lambda: True, ceiling=spending.reached, clock=now)
        return health.alarms()


def measured(database_url: str, patience: float) -> Measured:
    """What `plainline bench` asks of a database; a statement may take so many seconds."""
    from store.measuring import Measured  # here, because nothing else measures

    return Measured(open_database(database_url, patience=patience))


def schema_is_current(database_url: str) -> bool:
    """Whether the database has the schema that this version needs."""
    from store import migrate

    return migrate.is_current(database_url)
