"""What a caisse may set: targets, threshold, bounds. Versioned, since two machines may hold different ones."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from gca_tui.domain.values import Value

ANY = "*"


class Target(Value):
    """Days within which a pièce or a démarche should be treated. `source` says where the figure comes from."""

    nature: str = ANY
    prestation: str = ANY
    days: int
    working: bool = True
    source: str = ""


class MassRule(Value):
    """A pièce de masse, left out of the antériorité: a nature, from one month-day to another (`09-01`, `12-31`)."""

    nature: str
    start: str = "01-01"
    end: str = "12-31"
    source: str = "data.caf.fr, antériorité du solde"


DEFAULT_TARGETS = (
    Target(nature="reclamation", days=10, working=False, source="Caf de l’Ardèche 2021 : réponse en moins de 10 jours"),
    Target(prestation="RSA", days=10, source="snfocos.org citant la COG, à valider"),
    Target(prestation="RSO", days=10, source="assimilée au RSA, à valider"),
    Target(prestation="AAH", days=10, source="snfocos.org citant la COG, à valider"),
    Target(days=15, source="protocole UCANSS 21/06/2017 : 15 jours dans 85 % des cas"),
)
DEFAULT_MASS = (
    MassRule(nature="rac_annuel"),
    MassRule(nature="rac_trimestriel"),
    MassRule(nature="quittance", start="09-01"),
    MassRule(nature="declaration_annuelle", start="11-01"),
)


class CaisseSettings(Value):
    """What one caisse decides or is. None: as `Settings` says; "": not known, and the texts say so.

    `adresse` and `telephone` are where its families turn to, whoever treats their dossiers. `contact_attempts` is how
    many attempts are expected before closing; `contact_blocks` makes their lack forbid it. `rsa_delegue`: the
    département gave the caisse its power to decide on RSA recourses (CASF L.262-25).
    """

    threshold: int | None = None
    contact_blocks: bool | None = None
    contact_attempts: int | None = None
    adresse: str = ""
    telephone: str = ""
    departement: str = ""
    adresse_departement: str = ""
    tribunal_administratif: str = ""
    tribunal_judiciaire: str = ""
    rsa_delegue: bool = False


_NO_SETTINGS = CaisseSettings()


class Settings(Value):
    """The rules' figures. `threshold` is in cents, inclusive, on the total of a notification (Caf de l'Ardèche)."""

    version: int = 1
    targets: tuple[Target, ...] = DEFAULT_TARGETS
    mass: tuple[MassRule, ...] = DEFAULT_MASS
    minima: frozenset[str] = frozenset({"RSA", "RSO", "AAH"})
    threshold: int = 150_000
    contact_blocks: bool = False
    contact_attempts: int = 1
    caisses: Mapping[str, CaisseSettings] = Field(default_factory=dict)
    history_limit: int = 200

    def __hash__(self) -> int:
        """Quick, since what follows from settings is remembered by them; those of one version are hardly ever two."""
        return hash(self.version)

    def of(self, caisse: str) -> CaisseSettings:
        """What holds for a caisse, nothing left None."""
        own = self.caisses.get(caisse, _NO_SETTINGS)
        common = {
            name: getattr(self, name)
            for name in ("threshold", "contact_blocks", "contact_attempts")
            if getattr(own, name) is None
        }
        return own.model_copy(update=common)

    def threshold_of(self, caisse: str) -> int:
        """Cents from which a notification of that caisse must be explained, itself included."""
        own = self.caisses.get(caisse, _NO_SETTINGS).threshold
        return self.threshold if own is None else own

    def target(self, nature: str, prestation: str) -> Target:
        """The first line of the table that fits; the table ends with one that fits everything."""
        natures, prestations = (ANY, nature), (ANY, prestation)
        for target in self.targets:
            if target.nature in natures and target.prestation in prestations:
                return target
        return Target(days=15)

    def is_mass(self, nature: str, month_day: str) -> bool:
        """Whether a pièce of that nature, received on that `MM-JJ`, is a pièce de masse."""
        rules = [rule for rule in self.mass if rule.nature == nature]
        return any(rule.start <= month_day <= rule.end for rule in rules) if rules else False
