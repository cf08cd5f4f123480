// SPDX-License-Identifier: MIT
#include <census/weights/checkpoint.hpp>

#include "checkpoint_files.hpp"
#include "zip_bytes.hpp"

#include <support/catch.hpp>
#include <support/complaint_about.hpp>

#include <algorithm>
#include <filesystem>
#include <string>

namespace {

std::filesystem::path const data = std::filesystem::path(CENSUS_TEST_DATA) / "weights";

// What opening a file says, after its name.
std::string pytorch_complaint(std::filesystem::path const& path) {
  return census_test::complaint_about(path, [&] { census::pytorch_file{path}; });
}

std::string complaint_of_bytes(std::string const& bytes) {
  temporary_folder folder;
  write_bytes(folder.path() / "pytorch_model.bin", bytes);
  return pytorch_complaint(folder.path() / "pytorch_model.bin");
}

// The archive of a pickle and one storage of six float32.
std::string complaint_of_pickle(std::string const& pickle, std::vector<zipped> more = {}) {
  std::vector<zipped> entries{{.name = "w/data.pkl", .bytes = pickle},
                              {.name = "w/data/0", .bytes = std::string(24, '\0')}};
  entries.insert(entries.end(), more.begin(), more.end());
  return complaint_of_bytes(zip_bytes(entries));
}
std::string complaint_of_tensor(pickled_tensor const& tensor) {
  return complaint_of_pickle(state_dict(pickled(tensor)));
}

}  // namespace

TEST_CASE("what PyTorch and transformers wrote is read as they read it") {
  for (auto const* name :
       {"float16", "float32_protocol_4", "bfloat16_sharded", "float32_sharded_safetensors", "views"}) {
    INFO(name);
    auto const files = census::open_checkpoint(data / name);
    census::checkpoint const expected(census::safetensors_file(data / name / "expected.safetensors"));
    REQUIRE(files.tensors().size() == expected.tensors().size());
    REQUIRE(files.tensors().size() > 15);
    for (auto const& wanted : expected.tensors()) {
      INFO(wanted.name);
      auto const& read = files.at(wanted.name);
      CHECK(read.type == wanted.type);
      CHECK(read.shape == wanted.shape);
      CHECK(std::ranges::equal(read.bytes, wanted.bytes));
      if (!read.bytes.empty()) CHECK_NOTHROW(files.drop(read.bytes));
    }
  }
}

TEST_CASE("tensors of one storage share its bytes in the mapping") {
  auto const tied = census::open_checkpoint(data / "float16");
  CHECK(tied.at("lm_head.weight").bytes.data() == tied.at("model.decoder.embed_tokens.weight").bytes.data());
  REQUIRE(tied.files().size() == 1);
  auto const views = census::open_checkpoint(data / "views");
  CHECK(views.at("offset").bytes.data() == views.at("whole").bytes.data() + 13 * 4);
  CHECK(views.at("parameter").bytes.data() == views.at("whole").bytes.data() + 50 * 4);
}

TEST_CASE("a pickle that would run something is refused by the name of it, and nothing runs") {
  auto const refused = [](std::string const& name) {
    return "the pickle names \"" + name + "\", which no checkpoint needs; nothing of it was run";
  };
  CHECK(pytorch_complaint(data / "refused/os_system.bin") == refused("os.system"));
  CHECK(pytorch_complaint(data / "refused/malicious.bin") == refused("posix.system"));
  CHECK(pytorch_complaint(data / "refused/malicious_protocol_4.bin") == refused("posix.system"));
  CHECK_FALSE(std::filesystem::exists("census_was_run"));
}

TEST_CASE("files of other formats are refused with advice") {
  auto const legacy =
      "is in the format of before PyTorch 1.6, which is not read; `torch.save(torch.load(path), path)` in a current "
      "PyTorch writes it anew";
  CHECK(pytorch_complaint(data / "refused/legacy.bin") == legacy);
  CHECK(complaint_of_bytes(std::string(257, '\0') + "ustar" + std::string(300, '\0')) == legacy);
  CHECK(complaint_of_bytes("") == "is no zip archive, which torch.save would have written");
  CHECK(complaint_of_bytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n") ==
        "is Git LFS's pointer to the file, not the file itself; `git lfs pull` fetches it");
  CHECK(complaint_of_pickle("\x80\x02}.", {{.name = "w/constants.pkl", .bytes = ""}}) ==
        "is a TorchScript program, not a state dict that torch.save wrote");
}

TEST_CASE("archives that torch.save would not have written are refused") {
  CHECK(pytorch_complaint(data / "refused/compressed.bin").find("is compressed; only stored entries are read") !=
        std::string::npos);
  CHECK(complaint_of_bytes(zip_bytes({{.name = "w/data/0", .bytes = "x"}})) ==
        "holds no data.pkl, which torch.save would have written");
  CHECK(complaint_of_pickle("\x80\x02}.", {{.name = "v/data.pkl", .bytes = ""}}) ==
        "holds two pickles, \"v/data.pkl\" and \"w/data.pkl\"");
  CHECK(complaint_of_pickle("\x80\x02}.", {{.name = "w/byteorder", .bytes = "big"}}) ==
        "its byte order is not little-endian");
  CHECK(complaint_of_pickle("\x80\x02}.", {{.name = "w/byteorder", .bytes = "little"}}) == "nothing");
}

TEST_CASE("what is no dict of plain tensors is refused") {
  CHECK(pytorch_complaint(data / "refused/list.bin") == "holds no dict of tensors");
  CHECK(pytorch_complaint(data / "refused/nested.bin") == "tensor \"model\": is no plain tensor");
  CHECK(pytorch_complaint(data / "refused/transposed.bin") ==
        "tensor \"a\": is not stored row by row; `.contiguous()` before torch.save makes it so");
  CHECK(pytorch_complaint(data / "refused/sparse.bin")
            .starts_with("the pickle names \"torch._utils._rebuild_sparse_tensor\""));
  CHECK(pytorch_complaint(data / "refused/float8.bin").starts_with("the pickle names \"torch"));
  CHECK(complaint_of_pickle("\x80\x02}NNs.") == "the name of a tensor is no text");
  auto const a = text("a") + pickled({});
  CHECK(complaint_of_pickle("\x80\x02}(" + a + a + "u.") == "tensor \"a\": is in the file twice");
}

TEST_CASE("a tensor that its storage does not hold is refused") {
  CHECK(complaint_of_tensor({}) == "nothing");
  CHECK(complaint_of_tensor({.offset = 1}) == "tensor \"a\": reaches outside its storage of 6 elements");
  CHECK(complaint_of_tensor({.offset = 3, .shape = {3}, .strides = {1}}) == "nothing");
  CHECK(complaint_of_tensor({.offset = -1}) == "tensor \"a\": its place in its storage is no size");
  CHECK(complaint_of_tensor({.offset = INT64_MAX}) == "tensor \"a\": reaches outside its storage of 6 elements");
  CHECK(complaint_of_tensor({.shape = {INT64_MAX, 3}}) == "tensor \"a\": reaches outside its storage of 6 elements");
  CHECK(complaint_of_tensor({.shape = {4, 2, 0, INT64_MAX}, .strides = {1, 1, 1, 1}}) == "nothing");
  CHECK(complaint_of_tensor({.offset = 7, .shape = {0}, .strides = {1}}) ==
        "tensor \"a\": reaches outside its storage of 6 elements");
  CHECK(complaint_of_tensor({.shape = {-2, 3}}) == "tensor \"a\": its shape or strides are no sizes");
  CHECK(complaint_of_tensor({.strides = {0, 1}}).starts_with("tensor \"a\": is not stored row by row"));
  CHECK(complaint_of_tensor({.strides = {1}}) == "tensor \"a\": its strides are not as many as its dimensions");
  std::vector<std::int64_t> const ones(65, 1);
  CHECK(complaint_of_tensor({.shape = ones, .strides = ones}) == "tensor \"a\": has more than 64 dimensions");
}

TEST_CASE("a storage that is not what the pickle says is refused") {
  CHECK(complaint_of_tensor({.key = "1"}) == "tensor \"a\": its storage \"w/data/1\" is not in the archive");
  CHECK(complaint_of_tensor({.key = "../data.pkl"}) ==
        "tensor \"a\": its storage \"w/data/../data.pkl\" is not in the archive");
  CHECK(complaint_of_tensor({.elements = 7}) ==
        "tensor \"a\": its storage \"w/data/0\" should have 7 elements of float32, but has 24 bytes");
  CHECK(complaint_of_tensor({.storage = "ctorch\nHalfStorage\n"}) ==
        "tensor \"a\": its storage \"w/data/0\" should have 6 elements of float16, but has 24 bytes");
  CHECK(complaint_of_tensor({.elements = -1}).find("should have -1 elements") != std::string::npos);
  CHECK(complaint_of_tensor({.storage = "ccollections\nOrderedDict\n"}) == "tensor \"a\": its storage is of no type");
  CHECK(complaint_of_tensor({.storage = "N"}).find("described in another way") != std::string::npos);
}
