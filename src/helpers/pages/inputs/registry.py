"""Which inputs each template shows."""

from __future__ import annotations

from collections.abc import Callable

from .apps import explorer_inputs, whatif_inputs
from .boundaries import boundaries_inputs
from .catalogue import catalogue_inputs
from .changes import changes_inputs
from .district import district_inputs
from .equity import equity_inputs
from .evaluation import evaluation_inputs
from .indicators import indicators_inputs
from .laboratorio import good_practices_inputs, laboratorio_inputs, regions_inputs
from .measures import measure_inputs, measures_inputs
from .region import method_inputs, region_inputs
from .resources import resources_inputs
from .strategy import strategy_inputs
from .timeline import timeline_inputs
from .will import wecare_will_inputs, will_cities_inputs, will_inputs

#: What each template shows, from its parameters without the language: all editions of a page show the same.
INPUTS: dict[str, Callable[..., dict[str, object]]] = {
    "district": district_inputs,
    "overview": region_inputs,
    "districts": region_inputs,
    "method": method_inputs,
    "evaluation": evaluation_inputs,
    "strategy": strategy_inputs,
    "timeline": timeline_inputs,
    "laboratorio": laboratorio_inputs,
    "good_practices": good_practices_inputs,
    "regions": regions_inputs,
    "resources": resources_inputs,
    "equity": equity_inputs,
    "whatif": whatif_inputs,
    "explorer": explorer_inputs,
    "measures": measures_inputs,
    "measure": measure_inputs,
    "will": will_inputs,
    "will_cities": will_cities_inputs,
    "wecare_will": wecare_will_inputs,
    "boundaries": boundaries_inputs,
    "indicators": indicators_inputs,
    "catalogue": catalogue_inputs,
    "changes": changes_inputs,
}
