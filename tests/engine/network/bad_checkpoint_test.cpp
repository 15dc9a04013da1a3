// Checkpoints that are not what they should be, or far too large: refused from names and sizes, with little memory.

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "engine/network/import/import.h"
#include "tests/support/large_files.h"
#include "tests/support/memory.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>  // after torch

#include "tests/support/errors.h"

using namespace kiln;
using namespace kiln::test;

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMemory = std::size_t{100} << 20;

Error refusal(const fs::path& path) {
  return error_of([&] {
    const MemoryLimit limit(kMemory);
    open_model(path);
  });
}

void write_at_end(const fs::path& path, float value) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(-static_cast<std::streamoff>(sizeof value), std::ios::end);
  file.write(reinterpret_cast<const char*>(&value), sizeof value);
}

// Enough of a context_unet to be known as one, with 38 million weights in one level.
std::vector<LargeTensor> large_context_unet() {
  return {{"label_emb.weight", {3, 256}},       {"time_mlp.0.weight", {256, 1}},
          {"init_conv.weight", {64, 3, 3, 3}},  {"downs.0.blocks.0.conv1.weight", {2048, 64, 3, 3}},
          {"out_conv.2.weight", {3, 64, 3, 3}}, {"mid.block1.conv1.weight", {2048, 2048, 3, 3}}};
}

}  // namespace

TEST_CASE("a language model's checkpoint of 26 GB") {
  const TemporaryFolder folder;
  write_large_safetensors(folder / "model.safetensors", language_model());
  write_large_checkpoint(folder / "pytorch_model.bin", language_model());
  for (const char* name : {"model.safetensors", "pytorch_model.bin"}) {
    CAPTURE(name);
    REQUIRE(fs::file_size(folder / name) > std::uintmax_t{26'000'000'000});
    const Error error = refusal(folder / name);
    CHECK(error.code == ErrorCode::kUnsupported);
    CHECK(error.message.find(name) != std::string::npos);
    CHECK(error.hint.find("context_unet") != std::string::npos);
  }
}

TEST_CASE("a text-to-image network is told from a plain U-Net by a name") {
  const TemporaryFolder folder;
  write_large_safetensors(folder / "x.safetensors", conditional_unet());
  CHECK(refusal(folder / "x.safetensors").message.find("transformer_blocks") != std::string::npos);
  CHECK(refusal(folder / "x.safetensors").hint.find("draws from texts") != std::string::npos);
}

TEST_CASE("something else than weights") {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> contents = {
      {"", "empty"},
      {"not a checkpoint", "neither a PyTorch checkpoint nor"},
      {"GGUF\3\1\1\1 and so on", "a language model (GGUF)"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 2\n", "a pointer of Git LFS"},
      {"<!DOCTYPE html>\n<html><body>Sign in</body></html>", "a web page"},
      {R"({"error": "Invalid username or password."})", "a server's answer"},
      {R"({"metadata": {}, "weight_map": {"a": "b"}})", "the index of weights in several files"},
      {std::string(257, '\1') + "ustar  ", "a tar archive"},
      {"\x1f\x8b\x08 and so on", "a gzip archive"}};
  for (const std::string name : {"model.bin", "model.safetensors"}) {
    for (const auto& [content, words] : contents) {
      if (name.ends_with(".safetensors") && words.starts_with("neither")) continue;  // cut off
      CAPTURE(words);
      std::ofstream(folder / name, std::ios::binary) << content;
      const Error error = refusal(folder / name);
      CHECK(error.message.find(words) != std::string::npos);
      CHECK(error.message.find(name) != std::string::npos);
    }
  }
  std::ofstream(folder / "cut.pth", std::ios::binary) << "PK\3\4 and no more";
  CHECK(refusal(folder / "cut.pth").code == ErrorCode::kCorrupt);
}

TEST_CASE("networks of other kinds are called what they are") {
  const TemporaryFolder folder;
  const std::vector<std::pair<std::string, std::string>> networks = {
      {"unet.down_blocks.0.attentions.0.to_q.lora_A.weight", "a LoRA"},
      {"lora_unet_mid_block_resnets_0_conv1.lora_down.weight", "a LoRA"},
      {"model.layers.0.self_attn.q_proj.weight", "a language model"},
      {"cond_stage_model.transformer.text_model.embeddings.position_ids", "Stable Diffusion"},
      {"encoder.down_blocks.0.resnets.0.conv1.weight", "an autoencoder"},
      {"text_model.encoder.layers.0.self_attn.k_proj.weight", "an encoder of texts or pictures (CLIP)"},
      {"h.0.attn.c_attn.weight", "a language model (GPT-2)"},
      {"bert.encoder.layer.0.attention.self.query.weight", "a language model (BERT)"},
      {"encoder.block.0.layer.0.SelfAttention.q.weight", "a language model (T5)"},
      {"backbone.layers.0.mixer.A_log", "a language model (Mamba)"},
      {"model.diffusion_model.joint_blocks.0.x_block.attn.qkv.weight", "as Stable Diffusion 3"},
      {"double_blocks.0.img_attn.qkv.weight", "as Flux"},
      {"ema_buffers", "best.safetensors beside it is a model"},
      {"something.else.weight", "no network of a kind that is known here"}};
  for (const auto& [name, words] : networks) {
    CAPTURE(name);
    write_large_safetensors(folder / "x.safetensors", {{name, {4, 4}}});
    CHECK(refusal(folder / "x.safetensors").message.find(words) != std::string::npos);
  }
  write_large_safetensors(folder / "model-00001-of-00002.safetensors", {{"conv_in.weight", {4, 4}}});
  CHECK(refusal(folder / "model-00001-of-00002.safetensors").hint.find("folder") != std::string::npos);
}

TEST_CASE("an index of parts that leads elsewhere, or to nothing") {
  const TemporaryFolder folder;
  const auto with_part = [&](const std::string& part) {
    std::ofstream(folder / "model.safetensors.index.json") << R"({"weight_map": {"conv_in.weight": ")" << part << "\"}}";
    return refusal(folder.path());
  };
  CHECK(with_part("../secret.safetensors").code == ErrorCode::kCorrupt);
  CHECK(with_part("/etc/passwd").code == ErrorCode::kCorrupt);
  CHECK(with_part("..").code == ErrorCode::kCorrupt);
  const Error missing = with_part("model-00001-of-00001.safetensors");
  CHECK(missing.code == ErrorCode::kNotFound);
  CHECK(missing.message.find("model-00001-of-00001.safetensors") != std::string::npos);
  std::ofstream(folder / "model.safetensors.index.json") << std::string(1'000'000, '[');
  CHECK(refusal(folder.path()).code == ErrorCode::kCorrupt);
}

TEST_CASE("a header that claims 4 GB") {
  const TemporaryFolder folder;
  std::ofstream(folder / "x.safetensors", std::ios::binary) << little_endian(std::uint64_t{4} << 30, 8) << "{";
  fs::resize_file(folder / "x.safetensors", std::uintmax_t{5} << 30);
  const Error error = refusal(folder / "x.safetensors");
  CHECK(error.code == ErrorCode::kUnsupported);
  CHECK(error.message.find("a header of 4294967296 bytes") != std::string::npos);
}

TEST_CASE("undefined numbers are found before the network is made") {
  const TemporaryFolder folder;
  for (const float value : {std::nanf(""), -std::numeric_limits<float>::infinity()}) {
    write_large_safetensors(folder / "x.safetensors", large_context_unet());
    write_at_end(folder / "x.safetensors", value);
    const Error error = refusal(folder / "x.safetensors");
    CHECK(error.code == ErrorCode::kCorrupt);
    CHECK(error.message.find("mid.block1.conv1.weight") != std::string::npos);
  }
}

TEST_CASE("networks larger than their file, or than any here") {
  const TemporaryFolder folder;
  std::vector<LargeTensor> tensors = large_context_unet();
  tensors.pop_back();
  write_large_safetensors(folder / "few.safetensors", tensors);
  CHECK(refusal(folder / "few.safetensors").message.find("fewer weights") != std::string::npos);
  tensors.push_back({"mid.block1.conv1.weight", {20000, 20000}});
  write_large_safetensors(folder / "many.safetensors", tensors);
  CHECK(refusal(folder / "many.safetensors").message.find("401 million") != std::string::npos);
}
