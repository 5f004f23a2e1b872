"""Jobs: every report once, names found, parameters checked before anything runs."""

import pytest

from helpers import config
from helpers.build import jobs
from helpers.data import raw
from helpers.errors import WecareError
from helpers.pages.common.declared import declared_pages
from helpers.system import notebooks


def test_one_job_per_district_and_one_per_page_of_the_region():
    every = jobs.all_jobs()
    once = [page for page in declared_pages() if not page.each]
    each = {page.each: raw.load(page.each)["slug"].notna().sum() for page in declared_pages() if page.each}
    assert each == {"districts": 30, "measures": 5, "misura1_projects": 22}
    assert len(every) == 2 * (len(once) + sum(each.values()))
    assert len({job.address for job in every}) == len({job.name for job in every}) == len(every)
    assert {job.template for job in every} == {config.NOTEBOOKS / f"{page.notebook}.ipynb" for page in declared_pages()}


def test_a_notebook_that_no_page_names_is_for_jupyterlab_alone():
    others = set(config.NOTEBOOKS.glob("*.ipynb")) - {job.template for job in jobs.all_jobs()}
    assert {path.stem for path in others} == {"explore", "gallery"}
    for path in others:
        cells = notebooks.read_cells(path)
        assert notebooks.FRONT not in cells and not any(notebooks.PARAMETERS_TAG in cell.tags for cell in cells)


@pytest.mark.parametrize("page", declared_pages(), ids=lambda page: page.notebook)
def test_every_page_says_what_it_shows(page):
    assert callable(page.load().inputs_from)
    assert page.load().notebook == page.notebook and page.load().address == page.address


def test_all_reports_of_a_notebook_are_found_by_its_name():
    assert len(jobs.select(jobs.all_jobs(), ["district"])) == 60


@pytest.mark.parametrize("name", ["D12", "d12", "cuneo", "distretti/cuneo"])
def test_a_report_is_found_by_code_slug_or_address(name):
    found = jobs.select(jobs.all_jobs(), [name])
    assert [(job.parameters["district"], job.parameters["lang"]) for job in found] == [("D12", "it"), ("D12", "en")]


@pytest.mark.parametrize("name", ["M1-20", "progetti/cuneo"])
def test_a_short_name_of_two_pages_is_that_of_the_first(name):
    assert {job.parameters.get("project") for job in jobs.select(jobs.all_jobs(), [name])} == {"M1-20"}
    assert {job.parameters.get("district") for job in jobs.select(jobs.all_jobs(), ["cuneo"])} == {"D12"}


@pytest.mark.parametrize("name", ["D14", "MONDOVI'-CEVA", "Mondovì-Ceva", "mondovi ceva", "Distretti/Mondovì-Ceva"])
def test_a_report_is_found_however_its_name_is_written(name):
    found = jobs.select(jobs.all_jobs(), [name])
    assert [(job.parameters["district"], job.parameters["lang"]) for job in found] == [("D14", "it"), ("D14", "en")]


@pytest.mark.parametrize("name", ["D12-en", "en/distretti/cuneo"])
def test_one_edition_of_a_report_can_be_asked_for(name):
    (job,) = jobs.select(jobs.all_jobs(), [name])
    assert job.address == "en/distretti/cuneo"


def test_the_same_report_asked_for_twice_runs_once():
    assert len(jobs.select(jobs.all_jobs(), ["D12", "cuneo", "D12-en"])) == 2


def test_an_unknown_report_gets_a_suggestion():
    with pytest.raises(WecareError, match="Did you mean cuneo"):
        jobs.select(jobs.all_jobs(), ["cunoe"])


def test_parameters_are_read_from_the_template():
    (job,) = jobs.select(jobs.all_jobs(), ["D12-en"])
    given = notebooks.declared_parameters(job.template)
    assert given == {"district": "D12", "lang": "it", "edition": ""}


def job_with(**parameters):
    return jobs.Job("x", config.NOTEBOOKS / "district.ipynb", "x", parameters)


def test_a_mistyped_parameter_is_refused_with_the_nearest_name():
    with pytest.raises(WecareError, match="no parameter 'distict'.*Did you mean 'district'"):
        jobs.validate(job_with(distict="D12"))


def test_a_parameter_of_another_type_is_refused():
    with pytest.raises(WecareError, match="must be str"):
        jobs.validate(job_with(district=12))


def test_every_job_has_valid_parameters():
    for job in jobs.all_jobs():
        jobs.validate(job)


def test_a_template_without_parameters_cell_is_refused(tmp_path):
    path = tmp_path / "bare.ipynb"
    path.write_text('{"nbformat": 4, "cells": [{"metadata": {}, "cell_type": "code", "source": ["x = 1"]}]}')
    with pytest.raises(WecareError, match="no cell tagged 'parameters'"):
        notebooks.declared_parameters(path)
