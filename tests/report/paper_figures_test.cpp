// SPDX-License-Identifier: MIT
// Figures as data, of census folders written by hand whose figures are read off the rows below.
#include <census/report/paper_figures.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "hand_made_census.hpp"

namespace {

using figure_points = std::vector<census::figure_point>;

constexpr auto drawn_layers_csv =
    "layer,neurons,dead,dead_share,mean_frequency_alive,token_detectors,token_detectors_supported,detected_tokens,"
    "detected_cumulative,detected_new_overall,detected_new_vs_below,positional,positional_corrected,cover_unigram_1_5,"
    "cover_unigram_6_10,cover_unigram_11_50,cover_unigram_51_100,cover_unigram_101_1000,cover_unigram_above_1000,"
    "team_coverage,team_coverage_null\n"
    "0,4,0,0,0.125,2,1,5,5,5,5,2,3,1,0,1,0,2,0,0.75,0.5\n"
    "1,4,1,0.25,0.0625,1,0,3,7,2,2,1,0,0,1,0,1,0,1,,\n";
constexpr auto drawn_neurons_csv =
    "layer,neuron,firings,mutual_information,positional,mutual_information_corrected,positional_corrected,"
    "positional_type,positional_strong\n"
    "0,0,9,0.3,1,0.25,1,oscillatory,1\n"
    "0,1,9,0.01,0,0.06,1,one_extreme,0\n"
    "0,2,9,0.5,1,0.375,1,oscillatory,1\n"
    "0,3,9,0.01,0,0.01,0,,\n"
    "1,0,9,0.07,1,0.01,0,one_extreme,0\n"
    "1,1,9,0,0,0,0,,\n"
    "1,2,9,0,0,0,0,,\n"
    "1,3,0,0,0,0,0,,\n";

/// The figure of this id; fails the test where it was omitted.
census::figure find_figure(census::figure_set const& set, std::string_view id) {
  auto const found = std::ranges::find(set.figures, id, &census::figure::id);
  CAPTURE(id);
  REQUIRE(found != set.figures.end());
  return *found;
}

/// Why the figure of this id was omitted.
std::string reason_for(census::figure_set const& set, std::string_view id) {
  auto const found = std::ranges::find(set.omitted, id, &census::omitted_figure::id);
  return found == set.omitted.end() ? "it was not" : found->reason;
}

/// Two layers of four neurons over 8 positions in 20 sequences. In layer 0, neuron 0 fires in all sequences at
/// positions 2, 3, 6 and 7, neuron 2 at 0, 1, 4 and 5, neuron 1 in position/8 of them, the others nowhere.
std::vector<std::uint32_t> alternating_firings() {
  std::vector<std::uint32_t> firings;
  for (std::uint32_t layer = 0; layer < 2; ++layer)
    for (std::uint32_t position = 0; position < 8; ++position) {
      bool const is_second = position / 2 % 2 == 1;
      std::vector<std::uint32_t> const row{is_second ? 20u : 0u, 20 * position / 8, is_second ? 0u : 20u, 0};
      for (std::uint32_t const count : row) firings.push_back(layer == 0 ? count : 0);
    }
  return firings;
}

}  // namespace

TEST_CASE("lines over the layers are the columns, shares in per cent, a second column dashed") {
  hand_made_census const folder(drawn_layers_csv, drawn_neurons_csv);
  auto const set = census::paper_figures({folder.read("one")});

  auto const dead = find_figure(set, "figure_1");
  REQUIRE(dead.panels.size() == 2);
  REQUIRE(dead.panels[0].series.size() == 1);
  CHECK(dead.panels[0].series[0].points == figure_points{{0, 0}, {1, 25}});
  CHECK(dead.panels[1].series[0].points == figure_points{{0, 12.5}, {1, 6.25}});
  CHECK(dead.panels[0].x.label == "layer");
  CHECK((dead.panels[0].x.from == -0.5 && dead.panels[0].x.to == 1.5 && dead.panels[0].y.to == 30));
  CHECK_THAT(dead.panels[1].y.label, Catch::Contains("% of tokens"));
  CHECK(dead.panels[0].series[0].name.empty());  // one census needs no legend

  auto const detectors = find_figure(set, "figure_3");
  REQUIRE(detectors.panels[0].series.size() == 2);
  CHECK(detectors.panels[0].series[0].points == figure_points{{0, 2}, {1, 1}});
  CHECK(detectors.panels[0].series[1].points == figure_points{{0, 1}, {1, 0}});
  CHECK((!detectors.panels[0].series[0].is_secondary && detectors.panels[0].series[1].is_secondary));
  CHECK(detectors.panels[1].series[0].points == figure_points{{0, 5}, {1, 3}});
  CHECK(detectors.panels[1].series[1].points == figure_points{{0, 5}, {1, 7}});

  auto const news = find_figure(set, "figure_4");
  CHECK(news.panels[0].series[0].points == figure_points{{0, 5}, {1, 2}});
  CHECK(news.panels[1].series[0].points == figure_points{{0, 5}, {1, 2}});
  CHECK(news.panels[1].series[1].points == figure_points{{0, 5}, {1, 3}});
}

TEST_CASE("bars are shares of the neurons alive by their cover") {
  hand_made_census const folder(drawn_layers_csv, drawn_neurons_csv);
  auto const covers = find_figure(census::paper_figures({folder.read("one")}), "figure_2");
  REQUIRE(covers.panels.size() == 1);
  auto const& bars = covers.panels[0].series;
  REQUIRE(bars.size() == 6);
  CHECK(bars[0].points == figure_points{{0, 25}, {1, 0}});
  CHECK(bars[2].points == figure_points{{0, 25}, {1, 0}});
  CHECK(bars[4].points == figure_points{{0, 50}, {1, 0}});
  CHECK(bars[5].points == figure_points{{0, 0}, {1, 100.0 / 3}});
  CHECK(std::ranges::all_of(bars, [](auto const& series) { return series.drawn == census::drawn_as::bars; }));
  CHECK((bars[0].name == "1 to 5" && bars[5].name == "more than 1000"));
}

TEST_CASE("a positional neuron is a mark at its layer and information, by its type") {
  hand_made_census const folder(drawn_layers_csv, drawn_neurons_csv);
  auto const set = census::paper_figures({folder.read("one")});
  auto const panel = find_figure(set, "figure_8").panels.at(0);
  CHECK(panel.title == "one: 3 neurons");
  CHECK(panel.threshold == 0.05);
  REQUIRE(panel.series.size() == 2);
  CHECK(panel.series[0].name == "oscillatory, strong");
  REQUIRE(panel.series[0].points.size() == 2);
  CHECK(panel.series[0].points[0].x == Approx(-0.4 + 0.8 * 0.125));
  CHECK(panel.series[0].points[0].y == 0.25);
  CHECK(panel.series[0].points[1].y == 0.375);
  CHECK(panel.series[1].name == "one extreme");
  CHECK(panel.series[1].is_secondary);
  CHECK_THAT(find_figure(set, "figure_8").caption,
             Catch::Contains("0.05 nats; where 50 full sequences lie inside documents, the verdict asks that of the "
                             "information of these alone"));

  auto const by_paper = find_figure(set, "figure_16").panels.at(0);
  CHECK(by_paper.title == "one: 3 neurons");
  REQUIRE(by_paper.series.size() == 2);
  CHECK(by_paper.series[0].points[1].y == 0.5);
  CHECK(by_paper.series[1].points[0].x == Approx(1 - 0.4 + 0.8 * 0.125));
  CHECK(by_paper.series[1].points[0].y == 0.07);
}

TEST_CASE("a type's examples are its neurons of the largest information, by how often they fire at each position") {
  hand_made_census const folder(drawn_layers_csv, drawn_neurons_csv);
  folder.write_positions(2, 8, 4, 20, alternating_firings());
  auto const types = find_figure(census::paper_figures({folder.read("one")}), "figure_7");
  CHECK(types.has_legend_in_panels);
  REQUIRE(types.panels.size() == 2);
  CHECK(types.panels[0].title == "oscillatory, strong");
  REQUIRE(types.panels[0].series.size() == 2);
  CHECK(types.panels[0].series[0].name == "layer 0, neuron 2");  // 0.375 nats, before 0.25
  CHECK(types.panels[0].series[0].points ==
        figure_points{{0, 100}, {1, 100}, {2, 0}, {3, 0}, {4, 100}, {5, 100}, {6, 0}, {7, 0}});
  CHECK(types.panels[0].x.to == 7);
  CHECK(types.panels[1].title == "one extreme, not strong");
  CHECK(types.panels[1].series.at(0).points.at(4) == census::figure_point{4, 50});
  CHECK_THAT(types.caption,
             Catch::Contains("None is both extremes, strong; both extremes, not strong; oscillatory, not"));
}

TEST_CASE("of many positions, a curve shows the means of equal stretches") {
  census::detail::position_counts counts;
  counts.sequences = 10;
  for (std::uint32_t position = 0; position < 514; ++position) counts.firings.push_back(position % 2 == 0 ? 10 : 0);
  auto const curve = census::detail::frequency_by_position(counts);
  REQUIRE(curve.size() == 257);
  CHECK(curve.front() == census::figure_point{0.5, 50});
  CHECK(curve.back() == census::figure_point{512.5, 50});
  counts.firings.resize(513);
  CHECK(census::detail::frequency_by_position(counts).back() == census::figure_point{512, 100});
  counts.firings.resize(256);
  CHECK(census::detail::frequency_by_position(counts).size() == 256);
}

TEST_CASE("a team's neurons are rows of the stretches in which they fire, the first to fire below") {
  hand_made_census const folder(drawn_layers_csv, drawn_neurons_csv);
  folder.write_positions(2, 8, 4, 20, alternating_firings());
  auto const teams = find_figure(census::paper_figures({folder.read("one")}), "figure_9");
  REQUIRE(teams.panels.size() == 1);
  CHECK(teams.panels[0].title == "one, layer 0: 2 neurons");
  REQUIRE(teams.panels[0].series.size() == 2);
  CHECK(teams.panels[0].series[0].points ==
        figure_points{{0.5, 1}, {1.5, 1}, {3.5, 1}, {5.5, 1}});  // position 0 left out
  CHECK(teams.panels[0].series[1].points == figure_points{{1.5, 2}, {3.5, 2}, {5.5, 2}, {7.5, 2}});
  CHECK_THAT(teams.caption, Catch::Contains("The team of one covers 75 % of the positions, 50 % by chance"));
}

TEST_CASE("where a team's coverage is of other neurons than are shown, the caption says of how many") {
  auto const caption = [](std::string const& neurons, std::string const& coverage) {
    hand_made_census const folder("layer,neurons,dead,positional_corrected,team_neurons,team_coverage,"
                                  "team_coverage_null\n0,4,0,3," +
                                      neurons + ',' + coverage + ",0.5\n",
                                  "layer,neuron,firings,mutual_information_corrected,positional_corrected,"
                                  "positional_type,positional_strong\n0,0,9,0.25,1,oscillatory,1\n"
                                  "0,1,9,0.06,1,one_extreme,0\n0,2,9,0.375,1,oscillatory,1\n0,3,9,0.01,0,,\n");
    auto firings = alternating_firings();
    firings.resize(32);
    folder.write_positions(1, 8, 4, 20, firings);
    return find_figure(census::paper_figures({folder.read("one")}), "figure_9").caption;
  };
  CHECK_THAT(caption("2", "0.75"), Catch::Contains("The team of one covers 75 % of the positions"));
  CHECK_THAT(caption("5", "0.9996"),
             Catch::Contains("The team of one, of 5 neurons where the decoy is not asked, covers 99.9 % of the"));
  CHECK_THAT(caption("3", "1"), Catch::Contains("of 3 neurons where the decoy is not asked, covers 100 % of the"));
}

TEST_CASE("the dead share of all layers weighs them by their neurons") {
  hand_made_census const folder("layer,neurons,dead\n2,3,0\n3,1,1\n",
                                "layer,neuron,firings\n2,0,1\n2,1,1\n2,2,1\n3,0,0\n");
  folder.folder().write("dead_share.csv", "layer,documents,tokens,dead_share\n2,1,100,0.25\n2,2,1000,0\n"
                                          "3,1,100,0.75\n3,2,1000,1\n");
  auto const dead = find_figure(census::paper_figures({folder.read("one")}), "dead_share");
  REQUIRE(dead.panels.size() == 2);
  CHECK(dead.panels[0].series.at(0).points == figure_points{{100, 37.5}, {1000, 25}});
  REQUIRE(dead.panels[1].series.size() == 2);
  CHECK(dead.panels[1].series[0].name == "layer 2");
  CHECK(dead.panels[1].series[1].points == figure_points{{100, 75}, {1000, 100}});
  CHECK(dead.panels[1].y.to == 100);
  CHECK(dead.panels[0].x.is_logarithmic);
}

TEST_CASE("models of one depth stand at their layers, of several depths at relative depth") {
  hand_made_census const two("layer,neurons,dead,dead_share\n0,1,0,0\n1,1,0,0.5\n",
                             "layer,neuron,firings\n0,0,1\n1,0,1\n"),
      four("layer,neurons,dead,dead_share\n0,1,0,0\n3,1,0,0.5\n", "layer,neuron,firings\n0,0,1\n3,0,1\n");
  auto const same = find_figure(census::paper_figures({two.read("a"), two.read("b")}), "figure_1");
  REQUIRE(same.panels[0].series.size() == 2);
  CHECK(same.panels[0].series[1].name == "b");
  CHECK(same.panels[0].series[1].look == 1);
  CHECK(same.panels[0].series[1].points == figure_points{{0, 0}, {1, 50}});

  auto const relative = find_figure(census::paper_figures({two.read("a"), four.read("b")}), "figure_1");
  CHECK_THAT(relative.panels[0].x.label, Catch::Contains("relative depth"));
  CHECK(relative.panels[0].series[0].points == figure_points{{0.25, 0}, {0.75, 50}});
  CHECK(relative.panels[0].series[1].points == figure_points{{0.125, 0}, {0.875, 50}});
  CHECK_THAT(relative.caption, Catch::Contains("(layer + ½) / (last layer counted + 1)"));
}

TEST_CASE("captions say what was counted on how much text of which model, and who does not tell") {
  hand_made_census const whole(drawn_layers_csv, drawn_neurons_csv),
      bare("layer,neurons,dead,dead_share\n0,1,0,0\n", "layer,neuron,firings\n0,0,1\n");
  auto const set = census::paper_figures({whole.read("whole"), bare.read("bare")});
  auto const caption = find_figure(set, "figure_2").caption;
  CHECK_THAT(caption, Catch::Contains("Counted: whole on 1,234 tokens of 3 documents (model models/tiny); "));
  CHECK_THAT(caption, Catch::Contains("Not told by the census of bare."));
  CHECK_THAT(find_figure(set, "figure_8").caption,
             Catch::Contains("20 of 8 tokens. Counted: whole on 1,234 tokens of 3 documents") &&
                 Catch::Contains("of bare."));
  CHECK(find_figure(set, "figure_8").panels.size() == 1);
  CHECK_THAT(find_figure(set, "figure_1").caption, !Catch::Contains("Not told"));
}

TEST_CASE("a figure that no census has the numbers for is omitted with the reason") {
  hand_made_census const bare("layer,neurons,dead\n0,1,0\n", "layer,neuron,firings\n0,0,1\n");
  auto const set = census::paper_figures({bare.read("bare")});
  CHECK(set.figures.empty());
  CHECK(set.omitted.size() == 13);
  CHECK_THAT(reason_for(set, "figure_3"), Catch::Contains("tell nothing of tokens"));
  CHECK_THAT(reason_for(set, "figure_14"), Catch::Contains("--ngrams below 3"));
  CHECK_THAT(reason_for(set, "figure_13"), Catch::Contains("tell nothing of trigrams"));
  CHECK_THAT(reason_for(set, "figure_8"), Catch::Contains("tell nothing of positions"));
  CHECK_THAT(reason_for(set, "figure_7"), Catch::Contains("no table by position"));
  CHECK_THAT(reason_for(set, "dead_share"), Catch::Contains("no dead_share.csv"));

  hand_made_census const none("layer,neurons,dead,token_detectors,detected_tokens,positional_corrected\n0,1,0,0,0,0\n",
                              "layer,neuron,firings\n0,0,1\n");
  none.write_positions(1, 8, 1, 20, std::vector<std::uint32_t>(8, 1));
  auto const zeros = census::paper_figures({none.read("none")});
  CHECK(zeros.figures.empty());
  CHECK(reason_for(zeros, "figure_3") == "No neuron is a token detector.");
  CHECK(reason_for(zeros, "figure_8") == "No neuron is positional.");
  CHECK(reason_for(zeros, "figure_9") == "No neuron that is positional beyond chance is strongly oscillatory.");
  CHECK_THROWS_AS(census::paper_figures({}), std::invalid_argument);
}

TEST_CASE("a census that does not tell who is positional beyond chance is missing where that is drawn, and is named") {
  hand_made_census const judged(drawn_layers_csv, drawn_neurons_csv),
      counted("layer,neurons,dead,positional,positional_corrected\n0,1,0,1,\n",
              "layer,neuron,firings,mutual_information,positional\n0,0,9,0.3,1\n");
  judged.write_positions(2, 8, 4, 20, alternating_firings());
  counted.write_positions(1, 8, 1, 20, std::vector<std::uint32_t>(8, 1));
  counted.folder().write("dead_share.csv", "layer,documents,tokens,dead_share\n");

  auto const both = census::paper_figures({judged.read("judged"), counted.read("counted")});
  for (auto const* id : {"figure_7", "figure_8", "figure_9"})
    CHECK_THAT(find_figure(both, id).caption, Catch::Contains("Not told by the census of counted."));
  auto const one = census::paper_figures({counted.read("counted")});
  CHECK_THAT(reason_for(one, "figure_7"), Catch::Contains("do not tell who is positional beyond chance"));
  CHECK_THAT(reason_for(one, "figure_9"), Catch::Contains("do not tell who is positional beyond chance"));
  CHECK_THAT(reason_for(one, "figure_8"), Catch::Contains("merged from counts alone"));
  CHECK_THAT(reason_for(one, "figure_14"), Catch::Contains("merged from counts alone"));
  CHECK_THAT(reason_for(one, "dead_share"), Catch::Contains("no dead_share.csv with a line"));
}

TEST_CASE("a file beside the tables that run.json lists and that is gone is named, one not listed is not drawn") {
  hand_made_census const folder(drawn_layers_csv, drawn_neurons_csv);
  folder.write_positions(2, 8, 4, 20, alternating_firings());
  folder.folder().write("run.json", R"({"files": ["census.safetensors", "dead_share.csv"]})");
  CHECK_THROWS_WITH(census::paper_figures({folder.read("one")}),
                    Catch::Contains("dead_share.csv: is missing, though run.json lists it"));
  folder.folder().write("run.json", R"({"files": ["layers.csv"]})");
  CHECK_THAT(reason_for(census::paper_figures({folder.read("one")}), "figure_7"),
             Catch::Contains("no table by position"));
  folder.folder().write("run.json", R"({"files": ["census.safetensors"]})");
  std::filesystem::remove(folder.folder().path() / "census.safetensors");
  CHECK_THROWS_WITH(census::paper_figures({folder.read("one")}),
                    Catch::Contains("census.safetensors: is missing, though run.json lists it"));
}

TEST_CASE("files beside the tables that are spoiled or of another census are named") {
  hand_made_census const folder(drawn_layers_csv, drawn_neurons_csv);
  auto const complains = [&](std::string const& of) {
    CHECK_THROWS_WITH(census::paper_figures({folder.read("one")}), Catch::Contains(of));
  };
  folder.write_positions(1, 8, 4, 20, std::vector<std::uint32_t>(32, 1));
  complains("census.safetensors: is not of the 2 layers of layers.csv");
  folder.write_positions(2, 8, 2, 20, std::vector<std::uint32_t>(32, 1));
  complains("census.safetensors: has not the neurons of layer 0 of layers.csv");
  folder.write_positions(2, 8, 4, 0, std::vector<std::uint32_t>(64, 1));
  complains("census.safetensors: counts more firings than full sequences in layer 0");
  folder.write_positions(2, 8, 4, 20, alternating_firings());
  folder.folder().write("dead_share.csv", "layer,tokens,dead_share\n5,100,0.5\n");
  complains("dead_share.csv:2: tells no share of dead neurons of a layer of the census");
  folder.folder().write("dead_share.csv", "layer,tokens,dead_share\n0,0,0.5\n");
  complains("dead_share.csv:2: tells no share");
}
