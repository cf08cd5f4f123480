// SPDX-License-Identifier: MIT
#include <census/weights/checkpoint.hpp>

#include "checkpoint_files.hpp"
#include "zip_bytes.hpp"

#include <support/catch.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace {

// What opening a folder of these files says, from the first file's name on.
struct stored_file {
  std::string name, bytes;
};

std::string checkpoint_complaint(std::vector<stored_file> const& files) {
  temporary_folder folder;
  for (auto const& file : files) write_bytes(folder.path() / file.name, file.bytes);
  try {
    census::open_checkpoint(folder.path());
  } catch (census::bad_input const& error) {
    std::string const message = error.what(), place = folder.path().string();
    CHECK(message.starts_with(place));
    CHECK(message.find('\n') == std::string::npos);
    return message.substr(place.size() + (message[place.size()] == '/'));
  }
  return "nothing";
}

std::string const safetensors_index = "model.safetensors.index.json", pytorch_index = "pytorch_model.bin.index.json";

stored_file index(std::string const& weight_map) {
  return {safetensors_index, "{\"metadata\":{\"total_size\":1},\"weight_map\":" + weight_map + "}"};
}
stored_file shard(std::string const& name, std::vector<std::string> const& tensors) {
  std::vector<stored_tensor> stored;
  for (auto const& tensor : tensors) stored.push_back({tensor, {1}, {1}});
  return {name, safetensors_bytes(stored)};
}

// A file of torch.save with one tensor "a" of six numbers.
std::string pytorch_bytes() {
  return zip_bytes({{.name = "w/data.pkl", .bytes = state_dict(pickled({}))},
                    {.name = "w/data/0", .bytes = std::string(24, '\0'), .flags = 8}});
}

}  // namespace

TEST_CASE("of several checkpoints in a folder the first by their order is read") {
  temporary_folder folder;
  auto const put = [&](stored_file const& file) { write_bytes(folder.path() / file.name, file.bytes); };
  auto const first = [&] {
    auto const files = census::open_checkpoint(folder.path());
    return files.files().front().path().filename().string();
  };
  put({"shard.bin", pytorch_bytes()});
  put({pytorch_index, R"({"weight_map":{"a":"shard.bin"}})"});
  CHECK(first() == "shard.bin");
  put({"pytorch_model.bin", pytorch_bytes()});
  CHECK(first() == "pytorch_model.bin");
  put(shard("shard", {"a"}));
  put(index(R"({"a":"shard"})"));
  CHECK(first() == "shard");
  put(shard("model.safetensors", {"a"}));
  CHECK(first() == "model.safetensors");
}

TEST_CASE("a tensor that is missing is said to be missing from the file or the index") {
  temporary_folder folder;
  for (auto const& file : {index(R"({"a":"1","b":"2"})"), shard("1", {"a"}), shard("2", {"b"})})
    write_bytes(folder.path() / file.name, file.bytes);
  auto const files = census::open_checkpoint(folder.path());
  CHECK(files.files().size() == 2);
  CHECK(files.find("b") != nullptr);
  CHECK_THROWS_WITH(files.at("c"), (folder.path() / safetensors_index).string() + ": tensor \"c\" is missing");
}

TEST_CASE("an index that names a shard or a tensor that is missing is refused") {
  CHECK(checkpoint_complaint({index(R"({"a":"1","b":"2"})"), shard("1", {"a"})}) ==
        safetensors_index + ": the shard \"2\" is missing");
  CHECK(checkpoint_complaint({index(R"({"a":"1","b":"2"})"), shard("1", {"a"}), shard("2", {"c"})}) ==
        "2: tensor \"b\" is missing, which model.safetensors.index.json says is here");
  CHECK(checkpoint_complaint({{pytorch_index, R"({"weight_map":{"a":"1","b":"1"}})"}, {"1", pytorch_bytes()}}) ==
        "1: tensor \"b\" is missing, which pytorch_model.bin.index.json says is here");
}

TEST_CASE("a tensor in two shards is refused, one that no shard is listed with is left out") {
  CHECK(checkpoint_complaint({index(R"({"a":"1","b":"2"})"), shard("1", {"a"}), shard("2", {"a", "b"})})
            .starts_with("1: tensor \"a\" is in two files, here and in "));
  temporary_folder folder;
  for (auto const& file : {index(R"({"a":"1","b":"2"})"), shard("1", {"a", "c"}), shard("2", {"b", "c"})})
    write_bytes(folder.path() / file.name, file.bytes);
  auto const files = census::open_checkpoint(folder.path());
  CHECK(files.tensors().size() == 2);
  CHECK(files.find("c") == nullptr);
  REQUIRE(files.ignored().kinds().size() == 1);
  CHECK(files.ignored().kinds()[0].what == "tensors of shards that the index does not list");
  CHECK(files.ignored().kinds()[0].count == 2);
}

TEST_CASE("checkpoints beside the one that is read are told, and an adapter beside it is refused") {
  temporary_folder folder;
  auto const one = shard("model.safetensors", {"a"});
  write_bytes(folder.path() / one.name, one.bytes);
  CHECK(census::open_checkpoint(folder.path()).ignored().empty());
  write_bytes(folder.path() / "pytorch_model.bin", "not looked at");
  auto const beside = census::open_checkpoint(folder.path()).ignored();
  REQUIRE(beside.kinds().size() == 1);
  CHECK(beside.kinds()[0].places == std::vector{(folder.path() / "pytorch_model.bin").string()});
  CHECK(
      checkpoint_complaint({one, {"adapter_config.json", "{}"}}) ==
      "adapter_config.json: the folder holds an adapter that is not merged into the weights; merge it, or take it out");
}

TEST_CASE("a shard that is cut short is named") {
  auto const whole = shard("1", {"a"});
  CHECK(checkpoint_complaint({index(R"({"a":"1"})"), {"1", whole.bytes.substr(0, whole.bytes.size() - 1)}}) ==
        "1: tensor \"a\": its data_offsets 0, 4 are outside the file's 3 bytes of data");
  auto const bytes = pytorch_bytes();
  CHECK(checkpoint_complaint(
            {{pytorch_index, R"({"weight_map":{"a":"1"}})"}, {"1", bytes.substr(0, bytes.size() - 100)}}) ==
        "1: has no end record of a zip archive: it was cut short, or is none");
  CHECK(checkpoint_complaint(
            {index(R"({"a":"1"})"), {"1", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"}}) ==
        "1: is Git LFS's pointer to the file, not the file itself; `git lfs pull` fetches it");
}

TEST_CASE("an index that is malformed, or leaves its folder, is refused") {
  CHECK(checkpoint_complaint({{safetensors_index, "{"}}).starts_with(safetensors_index + ": malformed JSON at byte "));
  CHECK(checkpoint_complaint({{safetensors_index, "[]"}}) == safetensors_index + ": has no object \"weight_map\"");
  CHECK(checkpoint_complaint({{safetensors_index, "{\"weight_map\":[]}"}}) ==
        safetensors_index + ": has no object \"weight_map\"");
  CHECK(checkpoint_complaint({index("{}")}) == safetensors_index + ": names no tensors");
  CHECK(checkpoint_complaint({index(R"({"a":"1","a":"2"})")}) ==
        safetensors_index + ": the JSON has the key \"a\" twice");
  CHECK(checkpoint_complaint({index(R"({"a":1})")}) == safetensors_index + ": the shard of tensor \"a\" is no name");
  for (std::string const name : {"", ".", "..", "../model.safetensors", "/etc/passwd", "..\\\\x", "a\\u0000b"})
    CHECK(
        checkpoint_complaint({index("{\"a\":\"" + name + "\"}")}).ends_with(" is no name of a file beside the index"));
}

TEST_CASE("a folder without a checkpoint says so") {
  CHECK_THROWS_WITH(census::open_checkpoint("/nowhere/at/all"), "/nowhere/at/all: there is no such folder");
  CHECK(checkpoint_complaint({}) ==
        ": holds no model.safetensors and no pytorch_model.bin, nor the index.json of one in shards");
}
