// SPDX-License-Identifier: MIT
#include <census/report/draw_figure.hpp>

#include <census/error.hpp>
#include <census/read_file.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// Names that would do harm where they were taken for commands or markup.
std::vector<std::string> names_that_harm() {
  return {"it's 'quoted' \"twice\" \\",
          "`touch harm` $(touch harm)",
          "a' noenhanced; system 'touch harm' #",
          "one\nsystem 'touch harm'\nplot x",
          "@GPVAL_VERSION @x {/Bold b} _u ^v",
          "</text></svg><script>alert(1)</script>",
          "<img src=x onerror=alert(1)> & &amp; ]]> <!--",
          "id='gpPt5' xlink:href='#gpPt5'",
          "\xff\xfe not UTF-8 \xef\xbf\xbf",
          "right \xe2\x80\xae to left, \x1b[31m red",
          "%s %n %d",
          ""};
}

census::figure figure_with(std::string const& name) {
  census::figure one{"figure_9", name, name, {}};
  for (auto const drawn : {census::drawn_as::line, census::drawn_as::dots, census::drawn_as::bars})
    one.panels.push_back({name, {name, 0, 3}, {name, 0, 9}, {{name, drawn, 0, false, {{1, 2}, {2, 5}}}}, 4.0});
  return one;
}

/// Whether a text is well-formed as far as tags go: each ends, and is closed by its own; the names of all elements.
std::multiset<std::string> elements_of(std::string_view xml) {
  std::multiset<std::string> elements;
  std::vector<std::string> open;
  for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at)) {
    std::size_t const end = xml.find('>', at);
    REQUIRE(end != std::string_view::npos);
    std::string_view const tag = xml.substr(at + 1, end - at - 1);
    CHECK(tag.find('<') == std::string_view::npos);
    at = end;
    if (tag.starts_with('/')) {
      REQUIRE_FALSE(open.empty());
      CHECK(open.back() == tag.substr(1));
      open.pop_back();
      continue;
    }
    std::string const name(tag.substr(0, tag.find_first_of(" \t\n/")));
    elements.insert(name);
    if (!tag.ends_with('/')) open.push_back(name);
  }
  CHECK(open.empty());
  return elements;
}

std::size_t count_of_parts(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// The search path for programs, put back at the end.
class path_set_to {
 public:
  explicit path_set_to(std::string const& path) : before_(std::getenv("PATH")) { ::setenv("PATH", path.c_str(), 1); }
  ~path_set_to() { ::setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

}  // namespace

TEST_CASE("a figure is drawn as an SVG of its own, with a mark for each point, and a title and description") {
  census::figure one{"figure_8", "Marks & lines", "Three points", {}};
  one.panels.push_back(
      {"", {"x", 0, 3}, {"y", 0, 9}, {{"", census::drawn_as::dots, 0, false, {{1, 1}, {1, 2}, {2, 5}}}}});
  auto const svg = census::draw_svg(one);
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK_THAT(svg, Catch::Contains("<title id=\"figure_8_title\">Marks &amp; lines</title>") &&
                      Catch::Contains("<desc id=\"figure_8_caption\">Three points</desc>") &&
                      Catch::Contains("role=\"img\" aria-labelledby=\"figure_8_title figure_8_caption\""));
  CHECK(count_of_parts(svg, "<use href='#figure_8_gpPt6' transform=") == 3);
  CHECK_THAT(svg, !Catch::Contains("xlink"));
  CHECK(count_of_parts(svg, "href=") == count_of_parts(svg, "href='#figure_8_gpPt"));
  CHECK(elements_of(svg).count("title") == 1);
  CHECK(svg == census::draw_svg(one));
}

TEST_CASE("whatever names hold, they are text in a drawing, and nothing else is done") {
  temporary_folder const folder;
  auto const before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  std::set<std::string> const allowed{"svg", "title",  "desc",    "g",           "rect", "defs", "circle", "path",
                                      "use", "filter", "feFlood", "feComposite", "text", "line", "polygon"};
  for (std::string const& name : names_that_harm()) {
    CAPTURE(name);
    auto const svg = census::draw_svg(figure_with(name));
    auto const elements = elements_of(svg);
    for (std::string const& element : elements) CHECK(allowed.contains(element));
    CHECK(elements.count("title") == 1);
    CHECK(elements.count("text") >= (name.empty() ? 1u : 4u));
    CHECK(svg.find_first_of("\x1b\xff") == std::string::npos);
    std::set<std::string> ids;
    for (auto at = svg.find(" id="); at != std::string::npos; at = svg.find(" id=", at + 1)) {
      auto const end = svg.find(svg[at + 4], at + 5);
      if (svg.rfind('<', at) > svg.rfind('>', at)) CHECK(ids.insert(svg.substr(at, end - at)).second);  // in a tag
    }
    CHECK(census::draw_png(figure_with(name)).starts_with("\x89PNG\r\n"));
  }
  std::filesystem::current_path(before);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a name stands in a drawing as it is, markup escaped, its end cut off where it is long") {
  auto const svg = census::draw_svg(figure_with("a<b> & 'c' @d `e` {f}"));
  CHECK(count_of_parts(svg, "a&lt;b&gt; &amp; 'c' @d `e` {f}") + count_of_parts(svg, "a&lt;b> &amp; 'c' @d `e` {f}") >=
        8);
  auto const longer = census::draw_svg(figure_with("a name that is longer than any title or legend has room for"));
  CHECK_THAT(longer, Catch::Contains("a name that is longer than any title or l…"));
}

TEST_CASE("a figure without points, and one of all kinds of series, are drawn") {
  CHECK_FALSE(elements_of(census::draw_svg({"empty", "", "", {{"", {"x", 0, 1}, {"y", 0, 1}, {}}}})).empty());
  CHECK_FALSE(elements_of(census::draw_svg({"none", "", "", {}})).empty());
  census::figure one{"all", "", "", {{"", {"tokens", 900, 2e7, true}, {"y", 0, 70, false, true}, {}}}, true};
  for (auto const drawn : {census::drawn_as::line, census::drawn_as::curve, census::drawn_as::dots,
                           census::drawn_as::bars, census::drawn_as::spans})
    for (bool const is_secondary : {false, true})
      one.panels[0].series.push_back(
          {std::to_string(one.panels[0].series.size()), drawn, 9, is_secondary, {{1000, 1}, {2000, 2}, {3000, 3}}});
  auto const svg = census::draw_svg(one);
  CHECK_THAT(svg, Catch::Contains("1k") && Catch::Contains("10M") && Catch::Contains("20"));
}

TEST_CASE("figures become two files each in a folder, which is made") {
  temporary_folder const folder;
  census::draw_figures({figure_with("a"), {"second", "", "", {}}}, folder.path() / "new" / "figures");
  std::set<std::string> names;
  for (auto const& file : std::filesystem::directory_iterator(folder.path() / "new" / "figures"))
    names.insert(file.path().filename().string());
  CHECK(names == std::set<std::string>{"figure_9.svg", "figure_9.png", "second.svg", "second.png", "figures.json"});
  CHECK(census::read_file(folder.path() / "new/figures/figure_9.svg") == census::draw_svg(figure_with("a")));
  folder.write("file", "mine");
  CHECK_THROWS_WITH(census::draw_figures({figure_with("a")}, folder.path() / "file"), Catch::Contains("file: "));
  CHECK(census::read_file(folder.path() / "file") == "mine");
}

TEST_CASE("only figures that were drawn before are replaced, and go where they are not drawn again") {
  temporary_folder const folder;
  auto const there = [&](char const* name) { return std::filesystem::exists(folder.path() / "drawn" / name); };
  census::draw_figures({figure_with("a"), {"second", "", "", {}}}, folder.path() / "drawn");
  folder.write("drawn/third.svg", "mine");
  census::draw_figures({figure_with("b")}, folder.path() / "drawn");
  CHECK(census::read_file(folder.path() / "drawn/figure_9.svg") == census::draw_svg(figure_with("b")));
  CHECK_FALSE(there("second.png"));

  for (auto const* name : {"third.svg", "third.png", "figures.json"}) {
    temporary_folder const others;
    others.write(name, "{}");
    CHECK_THROWS_WITH(census::draw_figures({{"third", "", "", {}}}, others.path()),
                      Catch::Contains(std::string(name) + ": is in the way"));
    CHECK(census::read_file(others.path() / name) == "{}");
    CHECK(std::distance(std::filesystem::directory_iterator(others.path()), {}) == 1);
  }
  folder.write("others/figures.json", "{\"census\": \"2020\"}");
  folder.write("others/photo.png", "mine");
  CHECK_THROWS_WITH(census::draw_figures({{"third", "", "", {}}}, folder.path() / "others"),
                    Catch::Contains("figures.json: is in the way"));
  CHECK(census::read_file(folder.path() / "others/photo.png") == "mine");
  CHECK_THROWS_WITH(census::draw_figures({{"third", "", "", {}}}, folder.path() / "drawn"),
                    Catch::Contains("third.svg: is in the way"));
  CHECK(there("figure_9.svg"));
}

TEST_CASE("where gnuplot is missing or fails, that is said") {
  temporary_folder const folder;
  {
    path_set_to const nowhere(folder.path().string());
    CHECK_THROWS_AS(census::draw_svg(figure_with("a")), census::bad_input);
    CHECK_THROWS_WITH(census::draw_svg(figure_with("a")),
                      Catch::Contains("gnuplot: draws the figures and cannot be started"));
  }
  auto const program = folder.write("gnuplot", "#!/bin/sh\necho broken >&2\nexit 1\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  {
    path_set_to const broken(folder.path().string());
    CHECK_THROWS_WITH(census::draw_svg(figure_with("a")), Catch::Contains("gnuplot failed: broken"));
  }
  folder.write("gnuplot", "#!/bin/sh\nexit 0\n");
  path_set_to const silent(folder.path().string());
  CHECK_THROWS_WITH(census::draw_svg(figure_with("a")), "gnuplot gave no SVG");
}
