"""What the report says of the best settings: the results, the search, and the smallest network."""

from __future__ import annotations

import findings
import tables
from blocks import figure, filled, plain
from effects import loss_ratio, said, same_loss
from network import hidden_layers, weight_count
from results import Results, Setting
from search_figures import TITLES, classes
from sources import Sources
from wording import count, counted, escaped, listed, number, percent


def best_section(sources: Sources) -> str:
    results = sources.results
    best = results.best
    links = [f"[the best]({best.url})",
             f"[the best with only $x$ and $y$]({results.best_of_two_inputs.url})"]
    if results.smallest:
        links.append(f"[the smallest]({results.smallest.setting.url})")
    return filled(
        "best", links=", ".join(links),
        result=f"{result_said(results, best)} {selection_said(results)} [](#fig-best-curve) shows "
               "how the loss falls, [](#fig-best-boundary) what the trained network answers over "
               "the plane, and [](#fig-best-network) how it comes to that.",
        hyper_parameters=tables.hyper_parameters_table(
            "tab-best", "The best hyper-parameters, and what came of them with fresh seeds.",
            named_settings(results)),
        search=search_said(results),
        funnel=tables.funnel_table("tab-funnel", "The search, stage by stage, with the median test "
                                   "loss of each stage's best.", results.stages),
        losses_said="[](#fig-search-losses) shows every attempt by what it chose.",
        losses=figure(
            sources, "search-losses",
            "Every attempt of the search by its median test loss, once for each hyper-parameter; "
            "the mark tells the last stage that it reached, the bar the loss below which a tenth of "
            "the column lies.",
            "Points that stand for median test losses, in columns by hyper-parameter."),
        leaderboard_said=leaders_said(results),
        leaderboard=tables.leaderboard_table(
            "tab-leaderboard", "The settings of the search's last comparison by their median test "
            f"loss over {counted(leader_seeds(results), 'seed')} that no earlier stage used.",
            results.leaderboard),
        **portrait_figures(sources, "best", best))


def named_settings(results: Results) -> dict[str, Setting]:
    """The settings of the table, by what stands above their columns."""
    named = {"Best": results.best, "Best with only $x$ and $y$": results.best_of_two_inputs}
    if results.smallest:
        named["Smallest"] = results.smallest.setting
    return named


def leader_seeds(results: Results) -> int:
    return len(results.leaderboard[0].runs) if results.leaderboard else 0


def portrait_figures(sources: Sources, name: str, setting: Setting) -> dict[str, str]:
    """The three figures of one network, by the holes that they fill."""
    losses = setting.curve.test.median
    what = {"best": "the best network", "two-inputs": "the best network with only $x$ and $y$",
            "smallest": "the smallest network"}[name]
    layers = ", ".join(map(str, hidden_layers(setting.configuration))) or "none"
    return {
        "curve": figure(
            sources, f"{name}-curve",
            f"Loss of {what}: medians over the seeds, with bands between the quartiles.",
            f"The median test loss starts at {plain(number(losses[0]))} and ends at "
            f"{plain(number(losses[-1]))}."),
        "boundary": figure(
            sources, f"{name}-boundary",
            f"What {what} answers after {counted(setting.epochs, 'epoch')} (seed "
            f"`{setting.boundary.seed}`), from −1 (orange) over 0 (line) to 1 (blue), and the points.",
            "Two interleaved spiral arms of points on coloured regions that show the network's "
            "answer."),
        "network": figure(
            sources, f"{name}-network",
            f"The weights of {what} (seed `{setting.boundary.seed}`). A line is a weight: whole and "
            "blue above 0, dashed and orange below, the thicker and darker the further from 0; a "
            "weight of 0 has none. A square is what its neuron answers over the plane, the dot at "
            "its corner the bias: full above 0, open below.",
            f"A network diagram with hidden layers of {layers} neurons, "
            f"{weight_count(setting.configuration)} weights as lines."),
    }


# Results


def result_said(results: Results, setting: Setting) -> str:
    """The loss, the successes, and the time to the target of a setting run with fresh seeds."""
    low, high = setting.success_interval
    arrival = (f" Half of the runs reach it after {counted(setting.median_epochs, 'epoch')}."
               if setting.median_epochs is not None else "")
    gap = (f" The median training loss is {number(setting.train_loss.median)}."
           if setting.train_loss.median is not None else "")
    return (f"After {counted(setting.epochs, 'epoch')} the median test loss over "
            f"{seeds_of(results, setting)} is {findings.with_interval(setting.test_loss)}; "
            f"{setting.successes} of {counted(len(setting.runs), 'run')} "
            f"{'is' if setting.successes == 1 else 'are'} at the target "
            f"(interval {percent(low)} to {percent(high)}).{arrival}{gap}")


def seeds_of(results: Results, setting: Setting) -> str:
    """`32 fresh seeds`, where none of them had a part in choosing the setting."""
    fresh = "fresh " if are_fresh(results, setting) else ""
    return f"{count(len(setting.runs))} {fresh}seed" + ("s" if len(setting.runs) > 1 else "")


def are_fresh(results: Results, setting: Setting) -> bool:
    used = {run.seed for leader in results.leaderboard for run in leader.runs}
    return not {run.seed for run in setting.runs} & (used | set(results.seeds))


def selection_said(results: Results) -> str:
    """How far the winner's loss can be trusted: the lowest of many flatters."""
    chosen = results.leaderboard[0].test_loss.median if results.leaderboard else None
    if not are_fresh(results, results.best):
        return ("The setting was chosen for this loss, as the lowest of several, so expect a higher "
                "one of it with other seeds.")
    sentence = "These seeds had no part in choosing the setting"
    if chosen is not None:
        sentence += (f"; with those that chose it the median was {number(chosen)}, a number that "
                     "flatters, being the lowest of several")
    return sentence + "."


# The search


def search_said(results: Results) -> str:
    stages = results.stages
    if not stages:
        return "No search is recorded."
    runs = sum(stage.runs for stage in stages)
    return (f"In {counted(len(stages), 'stage')} with {counted(runs, 'run')} altogether, each of which "
            f"kept the best of its configurations for the next ([](#tab-funnel)). It began with "
            f"{counted(stages[0].configurations, 'configuration')} {searched_said(results)}. Choosing "
            "the lowest of many losses favours lucky runs, so every stage runs its configurations "
            "with seeds of its own. [](#fig-search) shows every one of them.")


def searched_said(results: Results) -> str:
    """What the attempts differ in."""
    names = [title.lower() for key, title in TITLES.items()
             if len(classes(results.attempts, key)) > 1 and key != "regularizationRate"]
    return f"that differ in {listed(names)}" if names else "that differ in nothing"


def leaders_said(results: Results) -> str:
    leaders = [s for s in results.leaderboard if s.test_loss.median is not None]
    if len(leaders) < 2:
        return "[](#tab-leaderboard) lists the settings of the last comparison."
    rivals = [s for s in leaders[1:] if same_loss(s, leaders[0])]
    if not rivals:
        verdict = "Seed by seed, all others end with a higher loss than the first."
    else:
        verdict = (f"Seed by seed, the data do not tell the first from {count(len(rivals))} of the "
                   f"other {count(len(leaders) - 1)}, so they do not say that it is better than "
                   f"{'this one' if len(rivals) == 1 else 'these'}.")
    return f"[](#tab-leaderboard) lists the settings of the last comparison. {verdict}"


# Only x and y, and the smallest


def two_inputs_section(sources: Sources) -> str:
    results = sources.results
    setting = results.best_of_two_inputs
    same_seeds = [run.seed for run in setting.runs] == [run.seed for run in results.best.runs]
    compared = (f"Seed by seed, that is {said(loss_ratio(setting, results.best))} the loss of the "
                "best with all inputs to choose from." if same_seeds else "")
    return filled("two_inputs", label=escaped(setting.label), url=setting.url,
                  result=result_said(results, setting), compared=compared,
                  **portrait_figures(sources, "two-inputs", setting))


def smallest_section(sources: Sources) -> str:
    results = sources.results
    smallest = results.smallest
    if smallest is None:
        return "No network that was tried solves the spiral in at least half of its runs."
    setting = smallest.setting
    pictures = portrait_figures(sources, "smallest", setting)
    return filled(
        "smallest",
        found=f"The smallest that does has {counted(smallest.neurons, 'hidden neuron')} and "
              f"{counted(smallest.weight_count, 'weight')}: [{escaped(setting.label)}]"
              f"({setting.url}). {result_said(results, setting)}",
        ladder_said=ladder_said(results),
        ladder=figure(
            sources, "smallest-ladder",
            "The sizes tried, from the smallest on: the share of runs that succeed with its "
            "interval, and the median test loss with its interval. The smallest network that "
            "solves the spiral is the dark bar.",
            "; ".join(f"{rung.neurons} neurons: {percent(rung.success_rate)} succeed"
                      for rung in smallest.ladder)),
        table=tables.ladder_table(
            "tab-ladder", "The sizes tried on the way to the smallest, by hidden neurons, then "
            "weights.", smallest.ladder),
        pictures="\n\n".join(pictures[key] for key in ("network", "boundary", "curve")))


def ladder_said(results: Results) -> str:
    """How the next smaller networks do, and what that leaves open."""
    smallest = results.smallest
    below = [rung for rung in smallest.ladder if rung.neurons < smallest.neurons]
    if not below:
        return "No smaller network was tried."
    best = max(below, key=lambda rung: (rung.success_rate, rung.neurons))
    low, high = best.success_interval
    if best.success_rate == 0:
        sentence = "With fewer neurons no run succeeds"
    else:
        sentence = (f"With fewer neurons, the most successes are those of "
                    f"[{escaped(best.label)}]({best.url}), {round(best.success_rate * best.runs)} "
                    f"of {counted(best.runs, 'run')} (interval {percent(low)} to {percent(high)})")
    return (f"{sentence}; [](#tab-ladder) has all {count(len(smallest.ladder))} tried. The data do "
            "not show that no smaller network can: each size was tried with the few settings that "
            "did best for it in the search, and for as many epochs as the others.")
