// SPDX-License-Identifier: MIT
// The page as a file: what it carries is what the census's files hold, and what these say changes nothing else of it.
// How it looks and is worked with is seen in a browser: tests/examples/report_page.py.
#include <census/report/html_report.hpp>
#include <census/report/read_census.hpp>

#include <report/carried_data.hpp>
#include <report/small_census.hpp>
#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

std::string page_of(census::html_report const& report) {
  std::ostringstream out;
  census::write_html_report(out, report);
  return out.str();
}

std::string page_of(small_census const& census) {
  temporary_folder const folder;
  census.write(folder);
  census.write_projections(folder);
  auto record = census::read_census(folder.path());
  record.name = census.token;
  return page_of(
      {.censuses = {record},
       .figures = {{{"figure_1", census.token, census.token, {}}}, {{"figure_9", census.token, census.token}}},
       .drawings = {"<svg>" + census.token}});
}

}  // namespace

TEST_CASE("a page carries figures, their captions and what is not drawn") {
  auto const data = carried_data(page_of(small_census{}));
  CHECK(data.at("figures").at("drawn").at(0) ==
        nlohmann::json{{"id", "figure_1"}, {"title", " the"}, {"caption", " the"}, {"svg", "<svg> the"}});
  CHECK(data.at("figures").at("omitted").at(0) ==
        nlohmann::json{{"id", "figure_9"}, {"title", " the"}, {"reason", " the"}});
  CHECK(data.at("censuses").size() == 1);
  CHECK(data.at("differences").empty());
}

TEST_CASE("no text of a census changes a page beside the data, which are base64 alone") {
  auto const harmless = without_data(page_of(small_census{}));
  for (std::string const hostile :
       {"</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"'`><svg onload=alert(1)>", "<!--",
        "{{script}}", "]]>", "\u2028\u2029\u202e\u2066\ufeff", "\033[2J\033]0;x\a", "=1+1", "\\u003c/script\\u003e"}) {
    auto const page = page_of(small_census{.token = hostile, .domain = hostile});
    CHECK(without_data(page) == harmless);
    auto const packed = between(page, "data-encoding=\"", "</script>");
    auto const base64 = packed.substr(packed.find('>') + 1);
    CHECK(base64.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") == base64.npos);
    auto const data = carried_data(page);  // and yet it is there as it was
    CHECK(data.at("censuses").at(0).at("name") == hostile);
    CHECK(data.at("censuses").at(0).at("run").at("domains").at(0).at(0) == hostile);
    CHECK(data.at("censuses").at(0).at("tokens").at(0) == hostile);
  }
}

TEST_CASE("bytes of a name or a token that are no UTF-8, and NUL, are carried as characters") {
  temporary_folder const folder;
  small_census const census;
  census.write(folder);
  small_census{.token = std::string("t\xff\0", 3)}.write_projections(folder);
  auto record = census::read_census(folder.path());
  record.name = std::string("a\xff\0b\xc3", 5);
  auto const data = carried_data(page_of({.censuses = {record}}));
  CHECK(data.at("censuses").at(0).at("name") == std::string("a\ufffd\0b\ufffd", 9));
  CHECK(data.at("censuses").at(0).at("tokens").at(0) == std::string("t\ufffd\0", 5));
}

TEST_CASE("a page's policy allows its own style and script, and nothing else") {
  auto const page = page_of(small_census{});
  auto const hash = [](std::string const& text) {
    return "'sha256-" + census::detail::base64(census::detail::sha256(text)) + "'";
  };
  CHECK(between(page, "Content-Security-Policy\" content=\"", "\"") ==
        "default-src 'none'; img-src data:; style-src " + hash(between(page, "<style>", "</style>")) + "; script-src " +
            hash(between(page, "<script>", "</script>")));
}

TEST_CASE("a page names nothing outside itself, and its script sets texts as text alone") {
  auto page = without_data(page_of(small_census{}));
  for (std::string_view const name : {"http://www.w3.org/2000/svg", "http-equiv"})  // a name, and an attribute
    for (auto at = page.find(name); at != page.npos; at = page.find(name)) page.erase(at, name.size());
  for (std::string_view const word : {"http",
                                      "//www",
                                      "@import",
                                      "url(",
                                      "src=\"",
                                      "<link",
                                      "<iframe",
                                      "fetch(",
                                      "XMLHttpRequest",
                                      "WebSocket",
                                      "sendBeacon",
                                      "import(",
                                      "eval(",
                                      "Function(",
                                      "innerHTML",
                                      "outerHTML",
                                      "insertAdjacentHTML",
                                      "document.write",
                                      "srcdoc",
                                      "{{",
                                      "}}</"})
    CHECK(page.find(word) == page.npos);
}

TEST_CASE("several censuses are carried in their order, with what differs between their runs") {
  temporary_folder const first, second;
  small_census{}.write(first), small_census{}.write(second);
  second.write("run.json", R"({"settings": {"context": "7"}})");
  auto one = census::read_census(first.path()), other = census::read_census(second.path());
  one.name = "one", other.name = "other";
  auto const data = carried_data(page_of({.censuses = {one, other}}));
  CHECK(data.at("censuses").at(0).at("name") == "one");
  CHECK(data.at("censuses").at(1).at("name") == "other");
  auto const& differences = data.at("differences");
  CHECK(std::ranges::any_of(differences, [](auto const& one) {
    return one == nlohmann::json{"other", "one", "context is 7 here and 5 there"};
  }));
}

TEST_CASE("a report of no census, or of a figure without its drawing, is a programmer's error") {
  std::ostringstream out;
  CHECK_THROWS_AS(census::write_html_report(out, {}), std::invalid_argument);
  CHECK_THROWS_AS(census::write_html_report(out, {.censuses = {{}}, .figures = {{{"figure_1", "", "", {}}}, {}}}),
                  std::invalid_argument);
  CHECK(out.str().empty());
}
