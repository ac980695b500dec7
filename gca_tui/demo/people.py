"""Names, streets and communes from which the demonstration invents families; any likeness is chance.

Communes and their postal codes are real, so that addresses look right. Telephone prefixes are those that the French
numbering plan reserves for fiction: none of these numbers can ring at anybody's home.
"""

from __future__ import annotations

HAUT_RHIN, ARIEGE = "681", "091"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NOMS_HAUT_RHIN = _words("""
    Ackermann Adam Baechler Bauer Baumann Beck Berger Biehler Bihl Bischoff Bloch Boehm Bohn Brand Braun Brunner Bucher
    Burger Buchholz Claude Dietrich Dietsch Dreyer Eberhardt Ehret Engel Erhart Ernst Faesch Fischer Flury Frey Fritsch
    Fuchs Gasser Geiger Gerber Goetz Graff Greder Grieder Gross Groß Guthleben Haas Haeberlé Haegy Hartmann Heinrich
    Heitz Herrmann Hertzog Hirtz Hoffmann Huber Hueber Humbrecht Jaeger Jenny Kauffmann Keller Kessler Kieffer Klein
    Koch Koehler Koenig Kohler Krafft Kuentz Kuhn Lang Lehmann Litzler Lutz Marck Martz Mayer Meister Metzger Meyer
    Moser Muller Munch Muré Naegelen Obrecht Oberlé Ott Peter Pfister Rapp Rieder Riehl Rietsch Risser Ritter Rohmer
    Roth Ruch Sattler Sauter Schaeffer Schaller Schelcher Scherrer Schlienger Schmidlin Schmitt Schneider Schoenenberger
    Schuster Schwartz Simon Spieß Sprenger Stackler Steib Stoffel Strub Sutter Thomann Tritsch Uhl Ulrich Vogel Wagner
    Waltz Weber Wehrlé Weiss Welker Wendling Wira Wolf Wurtz Zeller Ziegler Zimmermann Zumbiehl
    Amrani Aydın Benali Bianchi Demir Diallo Esposito Fernandes Gonçalves Haddad Kaya Koné Kowalski López Mansouri
    Marković Mendes Ngoma Nguyen Novák Pereira Rahmani Rossi Sahin Sánchez Silva Traoré Yıldız
""")
NOMS_ARIEGE = _words("""
    Abadie Alibert Amiel Ané Anglade Arnaud Artigues Authié Azéma Barbe Barthe Baures Bernadac Bélinguier Bonnel Bonzom
    Bousquet Cabanes Cabanié Canal Carbonne Carrère Castel Cathala Caujolle Cazals Clanet Claret Clastres Cos Cucuron
    Dedieu Delrieu Denjean Durrieu Escaich Estèbe Faur Fauré Ferran Font Fouet Galy Gaubert Gouzy Icart Izard Jougla
    Laborde Lacaze Laffont Lannes Loubet Loubières Marfaing Maury Mirouze Montané Naudi Pagès Peyrat Piquemal Pons
    Pujol Rauzy Ribaute Rieu Rivière Rouaix Roques Rouch Sabatier Saint-Jean Sarda Saurat Séguela Soula Soulé Sutra
    Teulière Tersac Toustou Vergé Vidal Vergnes Vié
    Alvarez Benkacem Costa Da-Silva Fofana García Martínez Moreira Ortega Pérez Rodrigues Santos
""")
PRENOMS = _words("""
    Adèle Adrien Agathe Aïcha Albert Alice Aline Amadou Amélie Ana André Angèle Anissa Anna Antoine Apolline Arnaud Aude
    Aurélie Awa Bastien Béatrice Benoît Bernadette Camille Carine Cécile Céline Chantal Charlotte Chloé Christelle
    Claire Clément Clémence Corinne Damien Daniel David Delphine Denis Dilek Édith Élise Élodie Émilie Emma Enzo Éric
    Estelle Étienne Fabien Fanny Farid Fatou Fatima Florence Florian Francine Frédéric Gaëlle Geneviève Gilles Giulia
    Guillaume Hakim Hélène Henri Hugo Inès Ingrid Isabelle Jacques Jade Jean-Luc Jeanne Jérôme Joël Jonathan Julie
    Karim Karine Katia Laetitia Laura Laurent Léa Leïla Léo Lionel Lise Loïc Louis Louise Lucie Ludovic Lydia Maëlle
    Magali Malik Manon Marc Margaux Marie-Ange Marine Marion Martine Mathieu Maxime Mehdi Mélanie Michel Mireille
    Mohamed Monique Myriam Nadège Nadia Nathalie Nicolas Noémie Nora Océane Odile Olivier Oumar Pascale Patrick Paul
    Pauline Philippe Pierre Quentin Rachid Raphaël Régine Rémi Rose Sabrina Salomé Samir Sandrine Sarah Sébastien
    Sélim Serge Simone Solène Sonia Sophie Stéphane Suzanne Sylvain Sylvie Théo Thierry Thomas Tiago Valérie Vanessa
    Véronique Victor Vincent Virginie Xavier Yann Yasmine Yves Yvette Zeynep Zoé
""")

_RUES_HAUT_RHIN = (
    "rue des Vosges",
    "rue du Sauvage",
    "rue de la Lauch",
    "rue du Rhin",
    "Grand’Rue",
    "rue des Tanneurs",
    "rue de Bâle",
    "faubourg de Colmar",
    "rue du Ballon",
    "rue des Potiers",
    "rue de la Filature",
    "rue du Vignoble",
    "impasse du Houblon",
    "rue de l’Ill",
    "rue des Cigognes",
    "Am Mühlbach",
    "rue Koechlin",
    "rue Engel-Dollfus",
    "allée des Marronniers",
    "rue de la Doller",
    "place de la Réunion",
    "rue du Kastenwald",
)
_RUES_ARIEGE = (
    "rue des Pyrénées",
    "avenue du Couserans",
    "rue du Castella",
    "chemin de la Lèze",
    "rue de l’Horloge",
    "carrer de la Font",
    "avenue de Foix",
    "rue du Plantaurel",
    "chemin del Prat",
    "rue des Carmes",
    "route de Lavelanet",
    "promenade du Milliane",
    "rue Gabriel-Péri",
    "impasse de l’Estang",
    "cami de la Serre",
    "place du Mercadal",
    "rue du Pont-Vieux",
    "hameau de Rieucros",
)
_COMMUNES_HAUT_RHIN = (
    ("68100", "Mulhouse"),
    ("68200", "Mulhouse"),
    ("68100", "Mulhouse"),
    ("68200", "Mulhouse"),
    ("68000", "Colmar"),
    ("68000", "Colmar"),
    ("68110", "Illzach"),
    ("68120", "Pfastatt"),
    ("68130", "Altkirch"),
    ("68140", "Munster"),
    ("68150", "Ribeauvillé"),
    ("68160", "Sainte-Marie-aux-Mines"),
    ("68170", "Rixheim"),
    ("68190", "Ensisheim"),
    ("68210", "Dannemarie"),
    ("68250", "Rouffach"),
    ("68260", "Kingersheim"),
    ("68270", "Wittenheim"),
    ("68290", "Masevaux-Niederbruck"),
    ("68300", "Saint-Louis"),
    ("68330", "Huningue"),
    ("68360", "Soultz-Haut-Rhin"),
    ("68400", "Riedisheim"),
    ("68500", "Guebwiller"),
    ("68600", "Neuf-Brisach"),
    ("68700", "Cernay"),
    ("68800", "Thann"),
)
_COMMUNES_ARIEGE = (
    ("09000", "Foix"),
    ("09000", "Foix"),
    ("09100", "Pamiers"),
    ("09100", "Pamiers"),
    ("09100", "La Tour-du-Crieu"),
    ("09110", "Ax-les-Thermes"),
    ("09120", "Varilhes"),
    ("09130", "Le Fossat"),
    ("09190", "Saint-Lizier"),
    ("09200", "Saint-Girons"),
    ("09210", "Lézat-sur-Lèze"),
    ("09240", "La Bastide-de-Sérou"),
    ("09270", "Mazères"),
    ("09290", "Le Mas-d’Azil"),
    ("09300", "Lavelanet"),
    ("09320", "Massat"),
    ("09340", "Verniolle"),
    ("09400", "Tarascon-sur-Ariège"),
    ("09500", "Mirepoix"),
    ("09600", "Laroque-d’Olmes"),
    ("09700", "Saverdun"),
)

FICTION_PREFIXES = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")
"""Beginnings of the telephone numbers reserved for fiction; four digits follow."""

NOMS = {HAUT_RHIN: NOMS_HAUT_RHIN, ARIEGE: NOMS_ARIEGE}
RUES = {HAUT_RHIN: _RUES_HAUT_RHIN, ARIEGE: _RUES_ARIEGE}
COMMUNES = {HAUT_RHIN: _COMMUNES_HAUT_RHIN, ARIEGE: _COMMUNES_ARIEGE}
PREFIXES = {HAUT_RHIN: ("06 39 98", "06 39 98", "03 53 01"), ARIEGE: ("06 39 98", "06 39 98", "05 36 49")}
