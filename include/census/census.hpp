// SPDX-License-Identifier: MIT
// Everything that a census of any activations needs: blocks and sources, tables and their engine, the statistics, the
// accumulators, the survey. Left out, to be included by name where they are used:
//   census/survey/paper_survey.hpp       the accumulator of the whole paper: n-grams, reliability, chance
//   census/survey/plan_census.hpp, take_census.hpp   the whole run: planned in memory, taken layer by layer
//   census/survey/silent_neurons.hpp     is a silent neuron dead? A search for inputs that make it fire
//   census/accumulator/kept_firings.hpp  the firings themselves, for n-grams and other keys too many for a table
//   census/accumulator/first_firings.hpp, near_zero.hpp, largest_values.hpp   what else is told of silent neurons
//   census/accumulator/per_neuron.hpp    Boost.Accumulators on activation values
//   census/accumulator/laws.hpp          the accumulator laws as a test
//   census/statistic/                    what the above take: n-grams, reliability, types of positional neurons
//   census/projection/                   a neuron's update on the vocabulary
//   census/report/                       results as files, by the target census::report; array.hpp by census::xtensor
//   census/model/open_model.hpp, activations.hpp, layers.hpp, census/corpus/open_corpus.hpp   by the target census::all
#pragma once

#include <census/accumulator/paper_tables.hpp>
#include <census/accumulator/together.hpp>
#include <census/activation/source.hpp>
#include <census/statistic/coverage.hpp>
#include <census/statistic/detectors.hpp>
#include <census/statistic/liveness.hpp>
#include <census/statistic/mutual_information.hpp>
#include <census/survey/progress.hpp>
#include <census/survey/survey.hpp>
#include <census/tabulation/labels.hpp>
#include <census/tabulation/merge_tables.hpp>
#include <census/tabulation/regroup.hpp>
#include <census/tabulation/running.hpp>
#include <census/version.hpp>
