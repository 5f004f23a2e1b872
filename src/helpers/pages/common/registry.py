"""Which inputs each template shows."""

from __future__ import annotations

from collections.abc import Callable

from helpers.pages.boundaries.inputs import boundaries_inputs
from helpers.pages.catalogue.inputs import catalogue_inputs
from helpers.pages.changes.inputs import changes_inputs
from helpers.pages.district.inputs import district_inputs
from helpers.pages.equity.inputs import equity_inputs
from helpers.pages.evaluation.inputs import evaluation_inputs
from helpers.pages.explorer.inputs import explorer_inputs, whatif_inputs
from helpers.pages.indicators.inputs import indicators_inputs
from helpers.pages.laboratorio.inputs import good_practices_inputs, laboratorio_inputs, regions_inputs
from helpers.pages.measure.inputs import measure_inputs, measures_inputs
from helpers.pages.overview.inputs import method_inputs, region_inputs
from helpers.pages.resources.inputs import resources_inputs
from helpers.pages.strategy.inputs import strategy_inputs
from helpers.pages.timeline.inputs import timeline_inputs
from helpers.pages.will.inputs import wecare_will_inputs, will_cities_inputs, will_inputs

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
