// SPDX-License-Identifier: MIT
#include <census/model/family/opt/read_config.hpp>
#include <census/model/open_model.hpp>

#include <model/broken_model.hpp>
#include <support/catch.hpp>

#include <string>

TEST_CASE("a config.json that is malformed is refused") {
  CHECK(complaint_about_config("{\"hidden_size\": 3").starts_with("config.json: malformed JSON at byte "));
  CHECK(complaint_about_config("").starts_with("config.json: malformed JSON at byte "));
  CHECK(complaint_about_config("[1]") == "config.json: is no JSON object");
  CHECK(complaint_about({.more_config = ",\"ffn_dim\":70"}) == "config.json: the JSON has the key \"ffn_dim\" twice");
}

TEST_CASE("a field that is out of range is named") {
  CHECK(complaint_about({.hidden = 0}) == "config.json: hidden_size is 0, which is no whole number from 1 to 1048576");
  CHECK(complaint_about({.heads = 3}) ==
        "config.json: num_attention_heads is 3, which does not divide hidden_size, 32");
  CHECK(complaint_about({.heads = 64}) ==
        "config.json: num_attention_heads is 64, which is no whole number from 1 to 32");
  CHECK(complaint_about({.vocabulary = 99999999999}).find("vocab_size is 99999999999, which is no") !=
        std::string::npos);
  CHECK(complaint_about({.more_config = ",\"bos_token_id\":50"}) ==
        "config.json: bos_token_id, or what stands for it where it is missing, is 50, outside the vocabulary of 50 "
        "tokens");
  CHECK(complaint_about({.more_config = ",\"bos_token_id\":-1"}).find("bos_token_id is -1") != std::string::npos);
  CHECK(complaint_about({.more_config = ",\"bos_token_id\":1.5"}).find("bos_token_id is 1.5") != std::string::npos);
  CHECK(complaint_about({.more_config = ",\"enable_bias\":\"yes\""}) ==
        "config.json: enable_bias is \"yes\", which is neither true nor false");
}

TEST_CASE("what a config leaves out is as transformers takes it") {
  temporary_folder folder;
  write_bytes(folder.path() / "config.json", "{\"model_type\":\"opt\",\"hidden_size\":48}");
  auto const a = census::describe_model(folder.path()).architecture;
  CHECK((a.vocabulary_size == 50272 && a.hidden_size == 48 && a.layers == 12 && a.ffn_size == 3072));
  CHECK((a.heads == 12 && a.key_value_heads == 12 && a.head_size == 4));
  CHECK((a.max_positions == 2048 && a.positions.offset == 2 && a.embedding_size == 48 && a.bos == 2u));
  CHECK((a.norms.is == census::norm_settings::kind::layer && a.norms.stands == census::norm_settings::place::before));
  CHECK((a.norms.epsilon == 1e-5f && a.norms.gains && a.norms.shifts && a.final_norm));
  CHECK((a.biases.attention_in && a.biases.attention_out && a.biases.feed_forward));
  CHECK((a.tied && !a.has_projections() && !a.gated && !a.parallel_residual));
  CHECK(a.activation == census::activation_function::relu);
  write_bytes(folder.path() / "config.json", "{\"model_type\":\"opt\",\"do_layer_norm_before\":false}");
  CHECK_FALSE(census::describe_model(folder.path()).architecture.final_norm);
  write_bytes(folder.path() / "config.json", "{\"model_type\":\"opt\",\"bos_token_id\":null}");
  CHECK_FALSE(census::describe_model(folder.path()).architecture.bos.has_value());
}

TEST_CASE("the pad is 1 as transformers takes it, unless config.json has another, null, or none of the vocabulary") {
  temporary_folder folder;
  auto const pad_of = [&](std::string const& fields) {
    write_bytes(folder.path() / "config.json", "{\"model_type\":\"opt\"" + fields + "}");
    return census::describe_model(folder.path()).architecture.pad;
  };
  CHECK(pad_of("") == 1u);
  CHECK(pad_of(",\"pad_token_id\":3") == 3u);
  for (auto const* fields : {",\"pad_token_id\":null", ",\"pad_token_id\":-1", ",\"pad_token_id\":50272",
                             ",\"vocab_size\":1,\"bos_token_id\":0"})
    CHECK_FALSE(pad_of(fields).has_value());
}
