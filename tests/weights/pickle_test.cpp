// SPDX-License-Identifier: MIT
#include <census/weights/detail/pickle.hpp>

#include "zip_bytes.hpp"

#include <support/catch.hpp>

#include <array>
#include <string>

namespace {

constexpr std::array<std::string_view, 2> allowed{"collections.OrderedDict", "torch.FloatStorage"};

census::pickle read(std::string const& bytes) { return {std::as_bytes(std::span(bytes)), "file.bin", allowed}; }

// What reading these bytes says, after the file's name.
std::string pickle_complaint(std::string const& bytes) {
  try {
    read(bytes);
  } catch (census::bad_input const& error) {
    std::string const message = error.what();
    CHECK(message.starts_with("file.bin: "));
    CHECK(message.find('\n') == std::string::npos);
    return message.substr(10);
  }
  return "nothing";
}

using kind = census::pickle_value::kind;

}  // namespace

TEST_CASE("a pickle's values are read and none is made") {
  std::string const bytes = "\x80\x02}q\x05(" + text("a") + integer(-3) + text("b") +
                            "(K\x07M\x01\x02J\xff\xff\xff\xff" + "NG12345678t" + text("c") +
                            "ccollections\nOrderedDict\n)Rh\x05" + "0.";
  CHECK(pickle_complaint(bytes).find("operation 48") != std::string::npos);  // POP is not among those of torch.save
  auto const whole = bytes.substr(0, bytes.size() - 4) + "u.";
  auto const values = read(whole);
  auto const& dict = values.root();
  REQUIRE(dict.is == kind::dict);
  REQUIRE(dict.items.size() == 6);
  CHECK(values[dict.items[0]].text == "a");
  CHECK(values[dict.items[1]].integer == -3);
  auto const& tuple = values[dict.items[3]];
  REQUIRE(tuple.is == kind::tuple);
  REQUIRE(tuple.items.size() == 5);
  CHECK(values[tuple.items[1]].integer == 513);
  CHECK(values[tuple.items[2]].integer == -1);
  CHECK(values[tuple.items[3]].is == kind::none);
  CHECK(values[dict.items[5]].is == kind::dict);
}

TEST_CASE("a value may hold itself") {
  std::string const bytes = "\x80\x02}q\x01" + text("me") + "h\x01s.";
  auto const values = read(bytes);
  CHECK(&values[values.root().items[1]] == &values.root());
}

TEST_CASE("any global that is not allowed is refused by its name, however the pickle names it") {
  auto const refused = [](std::string const& name) {
    return std::string("the pickle names \"").append(name) + "\", which no checkpoint needs; nothing of it was run";
  };
  CHECK(pickle_complaint("cos\nsystem\n(X\1\0\0\0atR.") == refused("os.system"));
  CHECK(pickle_complaint("cbuiltins\neval\n.") == refused("builtins.eval"));
  CHECK(pickle_complaint(std::string("(").append(text("ls")) + "ios\nsystem\n.") == refused("os.system"));
  CHECK(pickle_complaint(text("os") + text("system") + "\x93.") == refused("os.system"));
  CHECK(pickle_complaint("c collections\nOrderedDict\n.") == refused(" collections.OrderedDict"));
  CHECK(pickle_complaint("ctorch\nFloatStorage.x\n.") == refused("torch.FloatStorage.x"));
  CHECK(pickle_complaint("ctorch.FloatStorage\n\n.") == refused("torch.FloatStorage."));
  CHECK(pickle_complaint("ca\x1b[2J\nb\n.") == refused("a\\u001b[2J.b"));
  CHECK(pickle_complaint(std::string("c").append(100000, 'a').append("\nb\n.")).size() < 250);
  CHECK(pickle_complaint("(icollections\nOrderedDict\n.") == "the pickle makes an object, which no checkpoint needs");
  CHECK(pickle_complaint("ccollections\nOrderedDict\n)\x81.").find("the operation 129") != std::string::npos);
}

TEST_CASE("a malformed pickle is refused") {
  auto const missing = "the pickle takes a value that is not there";
  CHECK(pickle_complaint("") == "the pickle is cut short");
  CHECK(pickle_complaint("}") == "the pickle is cut short");
  CHECK(pickle_complaint(".") == "the pickle ends in the middle of a value");
  CHECK(pickle_complaint("NN.") == "the pickle ends in the middle of a value");
  CHECK(pickle_complaint("N(.") == "the pickle ends in the middle of a value");
  CHECK(pickle_complaint("N.N") == "the pickle has bytes after its end");
  CHECK(pickle_complaint("\x80\x06N.") == "the pickle is of an unknown protocol");
  CHECK(pickle_complaint("X\xff\xff\xff\xffno.") == "the pickle is cut short");
  CHECK(pickle_complaint("cos") == "the pickle is cut short");
  CHECK(pickle_complaint("R.") == missing);
  CHECK(pickle_complaint("N(\x85.") == missing);
  CHECK(pickle_complaint("NN\x87.") == missing);
  CHECK(pickle_complaint("q\1.") == missing);
  CHECK(pickle_complaint("Nt.") == "the pickle takes a mark that is not there");
  CHECK(pickle_complaint("h\1.") == "the pickle recalls what it did not remember");
  CHECK(pickle_complaint("N)R.") == "the pickle calls what is no function");
  CHECK(pickle_complaint("ctorch\nFloatStorage\nNR.") == "the pickle calls what is no function");
  CHECK(pickle_complaint("NNNs.") == "the pickle fills what takes no items");
  CHECK(pickle_complaint("}(Nu.") == "the pickle fills what takes no items");
  CHECK(pickle_complaint("NNb.") == "the pickle fills what takes no items");
  CHECK(pickle_complaint("\x8a\x09xxxxxxxxx.") == "the pickle has an integer of more than 64 bits");
  CHECK(pickle_complaint("NN\x93.") == "the pickle names a global by what is no text");
}

TEST_CASE("a pickle that would take much memory is refused") {
  CHECK(pickle_complaint(std::string(2'000'000, '(')) == "the pickle is longer than any checkpoint needs");
  CHECK(pickle_complaint(std::string(2'000'000, ']')) == "the pickle is longer than any checkpoint needs");
  CHECK(pickle_complaint("N" + std::string(300'000, '\x85')) == "the pickle is longer than any checkpoint needs");
}
