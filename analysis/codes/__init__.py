"""People's and models' codes: sheets to be coded, who coded, and how far coders agree."""

from analysis.codes.cell import code
from analysis.codes.coders import describe_coders

__all__ = ["code", "describe_coders"]
