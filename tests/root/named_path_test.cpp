// SPDX-License-Identifier: MIT
#include <census/named_path.hpp>

#include <support/catch.hpp>
#include <support/temporary_folder.hpp>

TEST_CASE("a name is what stands before the first =, unless a file of the whole name exists") {
  auto const one = census::split_named_path("wiki=text/a=b.txt");
  CHECK((one.is_named && one.name == "wiki" && one.path == "text/a=b.txt"));
  CHECK_FALSE(census::split_named_path("text/a=b.txt").is_named);
  CHECK_FALSE(census::split_named_path("a.txt").is_named);
  auto const nameless = census::split_named_path("=a.txt");
  CHECK((nameless.is_named && nameless.name.empty()));

  temporary_folder const folder;
  folder.write("lang=en/part-0.txt", "text");
  auto const before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  auto const whole = census::split_named_path("lang=en/part-0.txt"), there = census::split_named_path("lang=en");
  auto const missing = census::split_named_path("lang=en/part-1.txt");
  std::filesystem::current_path(before);
  CHECK((!whole.is_named && whole.path == "lang=en/part-0.txt" && !there.is_named));
  CHECK((missing.is_named && missing.name == "lang" && missing.path == "en/part-1.txt"));
}
