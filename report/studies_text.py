"""What the report says of the studies."""

from __future__ import annotations

import findings
import tables
from blocks import NEW_PAGE, figure, filled, plain
from limits import limits
from results import Results, Study
from sources import Sources
from wording import count, counted, number

# The studies by name: heading, and what stands above the column of its settings
STUDIES = {
    "learning_rate": ("Learning rate", "Learning rate"),
    "width": ("Hidden sizes by width", "Neurons"),
    "depth": ("Hidden sizes by depth", "Hidden layers"),
    "regularization": ("Regularization", "Regularization"),
    "regularization_noise": ("Regularization with noise", "Regularization"),
    "features": ("Input features", "Features"),
    "activation": ("Activation", "Activation"),
    "batch_size": ("Batch size", "Batch size"),
}


def title_of(study: Study) -> str:
    named = study.name.replace("_", " ").capitalize()
    return STUDIES.get(study.name, (named, ""))[0]


def column_of(study: Study) -> str:
    return STUDIES.get(study.name, ("", "Setting"))[1]


def study_id(study: Study) -> str:
    return "study-" + study.name.replace("_", "-")


def findings_section(results: Results) -> str:
    return filled("findings", seeds=count(len(results.seeds)), epochs=count(results.epochs),
                  target=f"{results.target_loss:g}")


def study_section(study: Study, sources: Sources) -> str:
    results = sources.results
    title = title_of(study)
    medians = "; ".join(f"{s.label}: {plain(number(s.test_loss.median))}" for s in study.settings)
    shots = [shot.epoch for s in study.settings for shot in s.boundaries]
    body = filled(
        "study",
        held=held_said(study),
        finding=finding_said(study, results),
        performance=" ".join(findings.performance(study)),
        convergence=" ".join(findings.convergence(study, results)),
        limits=limits(study),
        comparison=figure(
            sources, f"{study.name}-comparison",
            f"{title}: every run (circles), the medians (bars), and the intervals of the median "
            "loss and of the success rate. Triangles are runs that never reach the target.",
            f"Median test losses: {medians}."),
        table=tables.study_table(
            f"tab-{study.name}",
            f"{title}: medians over the seeds, with quartiles and intervals.",
            column_of(study), study.settings, study.epochs),
        curves=figure(
            sources, f"{study.name}-curves",
            f"{title}: the median test loss by epoch with the band between its quartiles, against "
            "the medians of the other settings (grey) and the target (dotted).",
            f"One panel for each of {counted(len(study.settings), 'setting')}."),
        boundaries=figure(
            sources, f"{study.name}-boundaries",
            f"{title}: what the network of median test loss answers at several epochs, from −1 "
            "(orange) to 1 (blue).",
            f"Small pictures of the plane, a column for each of "
            f"{counted(len(study.settings), 'setting')}, a row for each of "
            f"{counted(len(set(shots)) or 1, 'epoch')}."))
    return f"### {title} {{#{study_id(study)}}}\n\n{body}"


def finding_said(study: Study, results: Results) -> str:
    compared = findings.noise_compared(results) if study.name == "regularization_noise" else ""
    return f"{findings.finding(study)} {compared}".strip()


def held_said(study: Study) -> str:
    """What all settings of a study have in common."""
    first = study.settings[0].configuration
    same = {key: value for key, value in first.items()
            if all(s.configuration.get(key) == value for s in study.settings)}
    fixed = [f"{meaning.lower()} {tables.hyper_parameter(key, same[key])}"
             for key, meaning in tables.HYPER_PARAMETERS.items()
             if key in same and not (key == "regularizationRate"
                                     and first.get("regularization") == "none")]
    inputs = {tables.features(s.configuration) for s in study.settings}
    if len(inputs) == 1:
        fixed.insert(0, f"input features {inputs.pop()}")
    return f"Held fixed: {'; '.join(fixed)}." if fixed else ""


def study_sections(sources: Sources) -> list[str]:
    """Each on a page of its own but the first, which follows the words about all of them."""
    return [("" if place == 0 else NEW_PAGE) + study_section(study, sources)
            for place, study in enumerate(sources.results.studies)]
