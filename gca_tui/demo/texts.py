"""What the demonstration's dossiers are about: prestations, natures of pièces, and what agents wrote.

Shares are inventions of the demonstration, but for the 71,65 % of dematerialised exchanges (Caf de l'Ardèche).
"""

from __future__ import annotations

DEMATERIALISED = 0.7165
"""Share of what comes in by caf.fr or courriel: annual report of the Caf de l'Ardèche."""
CANAUX_DEMATERIALISES = ("caf.fr",) * 6 + ("courriel",)
CANAUX_AUTRES = ("courrier",) * 6 + ("guichet",) * 3 + ("telephone",)

RAC = 0.20
"""Share of pièces that belong to the RAC batch."""

PROFILS: tuple[tuple[str, ...], ...] = tuple(
    tuple(codes.split("+"))
    for codes, weight in {
        "APL": 16,
        "APL+PPA": 12,
        "PPA": 10,
        "AF": 9,
        "AF+PPA": 7,
        "RSA+APL": 8,
        "RSA": 6,
        "AAH+APL": 6,
        "ALS": 6,
        "AF+APL+PPA": 5,
        "AAH": 4,
        "ALF+AF+CF": 4,
        "AF+ARS": 4,
        "PAJE-AB+CMG": 4,
        "CMG": 3,
        "RSA+ALF+AF": 3,
        "ASF+AF+RSA": 2,
        "AEEH+AF": 2,
        "PAJE-PN": 2,
        "PREPARE+AF": 1,
        "AJPP+AF": 1,
    }.items()
    for _ in range(weight)
)
"""Prestations a family receives, each profile as often as its weight."""

_LOGEMENT = ("demande", "bail", "quittance", "changement", "attestation de loyer", "declaration_annuelle")
_RESSOURCES = ("demande", "dtr", "bulletin de salaire", "changement", "titre de séjour")
_FAMILLE = ("demande", "changement", "acte de naissance", "certificat de scolarité", "jugement")
_GARDE = ("demande", "contrat de garde", "bulletin de salaire", "changement")
_HANDICAP = ("demande", "demande de renouvellement", "changement", "attestation de l’employeur")

NATURES: dict[str, tuple[str, ...]] = {
    "RSA": _RESSOURCES,
    "PPA": _RESSOURCES,
    "AAH": _HANDICAP,
    "AEEH": _HANDICAP,
    "AJPP": _HANDICAP,
    "APL": _LOGEMENT,
    "ALF": _LOGEMENT,
    "ALS": _LOGEMENT,
    "AF": _FAMILLE,
    "CF": _FAMILLE,
    "ASF": _FAMILLE,
    "ARS": _FAMILLE,
    "PAJE-PN": _FAMILLE,
    "PAJE-AB": _FAMILLE,
    "PREPARE": _GARDE,
    "CMG": _GARDE,
}
"""Natures of pièces: codes of the reference, or the words of an extract where the reference has none."""
TRIMESTRIELLES = frozenset({"RSA", "PPA", "AAH"})
"""Prestations whose RAC is quarterly here; the others' is annual."""

ETATS_EXTRAIT = ("APJ", "INC", "INS", "RET")
MOTIFS_INDU = ("40", "40", "50", "52", "10", "20", "30", "35", "AD", "BD")
"""Motives of indus among those of the CNAF list."""
REFERENCES = {"RSA": "INK", "AEFA": "INQ"}
"""Nature of the indu where it is public; elsewhere the prestation's code stands in for it."""

URGENCES = (
    "Plus aucun versement ce mois-ci, famille avec deux enfants.",
    "Procédure d’expulsion en cours, aide au logement suspendue.",
    "Signalé par le CCAS\u00a0: plus de ressources depuis trois semaines.",
)
NOTES = (
    "Bail reçu sans signature du bailleur, à redemander.",
    "Madame déclare avoir repris un emploi, date exacte à confirmer.",
    "Adresse à vérifier\u00a0: deux courriers revenus.",
    "Allocataire à l’aise par téléphone, peu avec caf.fr.",
    "Vu avec Mulhouse\u00a0: attendre le retour de la vérification avant de traiter.",
    "Déclaration trimestrielle corrigée par l’allocataire, la précédente est à ignorer.",
    "Les deux pièces concernent le même changement\u00a0: à traiter ensemble.",
    "Préfère être rappelée après 16\u00a0h.",
)
CONTACTS = (
    ("telephone", "joint", "A expliqué son changement de situation, enverra le justificatif par caf.fr."),
    ("telephone", "non_joint", ""),
    ("telephone", "message", "Message laissé, demande de rappeler la plateforme."),
    ("courriel", "joint", "Réponse reçue, pièce annoncée pour la semaine prochaine."),
    ("guichet", "joint", "Passage à l’accueil, copie du bail remise."),
)
DEMANDEES = (
    ("bulletin de salaire du dernier mois",),
    ("bail signé", "attestation de loyer"),
    ("certificat de scolarité",),
    ("titre de séjour en cours de validité",),
    ("attestation de l’employeur", "contrat de travail"),
)
COMMENTAIRES = ("", "", "Saisi dans Cristal.", "Sans effet sur les droits.", "Droits recalculés.")
RETOURS = (("RET", "Document illisible."), ("INC", "Page 2 manquante."), ("APJ", "Justificatif demandé."))
RECLAMATIONS = (
    "Délai de réponse jugé trop long.",
    "Ne comprend pas la baisse de son aide au logement.",
    "Document envoyé trois fois.",
    "Pas de rappel après le rendez-vous téléphonique.",
)
AUTRES_DEMARCHES = ("remise", "echeancier", "recours", "mediation")
OBJETS_RENDEZ_VOUS = (
    "Étude du dossier",
    "Comprendre le trop-perçu",
    "Séparation",
    "Reprise d’emploi",
    "Première demande",
)
QUESTIONS = (
    ("referent", "Deux déclarations pour le même trimestre\u00a0: laquelle retenir\u00a0?"),
    ("logement", "Colocation avec un seul bail\u00a0: comment répartir le loyer\u00a0?"),
    ("famille", "Résidence alternée et jugement non encore rendu\u00a0: que demander\u00a0?"),
    ("handicap", "Renouvellement reçu après l’échéance\u00a0: que garder entre-temps\u00a0?"),
    ("precarite", "Allocataire hébergé, pas d’adresse stable\u00a0: quelle pièce accepter\u00a0?"),
)
REPONSES = (
    "Retenir la dernière, et noter la date de la correction.",
    "Demander une attestation sur l’honneur et remettre le dossier en attente quinze jours.",
    "Me le renvoyer si la pièce n’est pas arrivée à la fin du mois.",
)
DEROGATIONS = ("titre de séjour", "signature", "report des droits antérieurs")
CLOTURES = ("", "Droits à jour.", "Famille informée par caf.fr.")
