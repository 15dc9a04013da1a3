#include "engine/network/import/import.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "engine/base/file.h"
#include "engine/base/text.h"
#include "engine/network/import/diffusers_export.h"
#include "engine/network/tensor_io.h"
#include "tests/support/temporary_folder.h"

#include <doctest/doctest.h>  // after torch

#include "tests/support/errors.h"
#include "tests/support/source_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

namespace fs = std::filesystem;

fs::path sprite_checkpoint() { return source_folder() / "tests/golden/parity/sprite_unet_16.pth"; }

bool mentions(const std::vector<std::string>& notes, const std::string& words) {
  return std::any_of(notes.begin(), notes.end(), [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

// A state dict as another project's program would save it, all but `leave_out`.
void save_weights(const Model& model, const fs::path& path, const std::string& leave_out = "-", const std::string& prefix = "") {
  TensorsToWrite tensors;
  for (const auto& entry : model.network->named_parameters()) {
    if (entry.key().find(leave_out) == std::string::npos) tensors.add(prefix + entry.key(), entry.value());
  }
  for (const auto& entry : model.network->named_buffers()) tensors.add(prefix + entry.key(), entry.value());
  write_file(path, tensors.encode({{"format", "pt"}}));
}

at::Tensor answer(const Model& model) {
  at::NoGradGuard no_grad;
  model.network->eval();
  const auto& s = model.shape;
  const at::Tensor x = at::linspace(-1, 1, 2 * s.channels * s.height * s.width).view({2, s.channels, s.height, s.width});
  at::Tensor c = at::zeros({2, s.classes});
  if (s.classes > 0) c[0][0] = 1;
  return model.network->forward(x, at::full({2}, 0.3), c);
}

Model small_context_unet() {
  at::manual_seed(1);
  return make_model("context_unet",
                    {{"stem", std::int64_t{8}},
                     {"level_channels", std::string("8,16,24")},
                     {"attention", std::string("0,0,1")},
                     {"blocks", std::int64_t{1}},
                     {"embedding", std::int64_t{24}}},
                    {16, 16, 4, 0}, {"a", "b"});
}

Model small_unet2d(std::vector<std::string> classes) {
  at::manual_seed(2);
  Model model = make_model("unet2d",
                           {{"level_channels", std::string("8,16")},
                            {"down_attention", std::string("0,1")},
                            {"up_attention", std::string("1,0")},
                            {"blocks", std::int64_t{1}},
                            {"groups", std::int64_t{4}},
                            {"head_channels", std::int64_t{8}}},
                           {16, 16, 3, 0}, std::move(classes));
  model.diffusion.prediction = Prediction::kEpsilon;
  return model;
}

}  // namespace

TEST_CASE("a sprite_unet is recognised with all its sizes") {
  const Model model = import_checkpoint(sprite_checkpoint(), {});
  CHECK(model.network_id == "sprite_unet");
  CHECK(get_int(model.network_params, "features") == 16);
  CHECK(model.shape.width == 16);
  CHECK(model.shape.channels == 3);
  CHECK(model.classes == std::vector<std::string>{"class0", "class1", "class2", "class3", "class4"});
  CHECK((model.diffusion.schedule.kind == ScheduleKind::kLinear));
  CHECK((model.diffusion.prediction == Prediction::kEpsilon));
  CHECK(model.diffusion.schedule.length == 500);
  CHECK(model.diffusion.legacy_noise);
  CHECK(mentions(model.facts.notes, "500 steps"));
}

TEST_CASE("what an import is told goes before what it assumes, and into the model file") {
  const TemporaryFolder scratch;
  ImportOptions options;
  options.classes = {"hero", "beast", "food", "spell", "side"};
  options.values = {{"time", std::string("steps")},
                    {"timesteps", std::int64_t{800}},
                    {"noise", std::string("standard")},
                    {"schedule", std::string("cosine")}};
  const Model model = import_checkpoint(sprite_checkpoint(), options);
  save_model(model, scratch / "m.safetensors", WeightType::kFloat32);
  const Model again = open_model(scratch / "m.safetensors");
  CHECK(again.classes == options.classes);
  CHECK(again.diffusion.schedule.length == 800);
  CHECK((again.diffusion.schedule.kind == ScheduleKind::kCosine));
  CHECK_FALSE(again.diffusion.legacy_noise);
  CHECK(get_real(again.network_params, "time_scale") == 800);
  CHECK(at::equal(answer(model), answer(again)));
  CHECK_FALSE(at::allclose(answer(again), answer(import_checkpoint(sprite_checkpoint(), {}))));  // time scaled by 800
}

TEST_CASE("wrong class names and families are refused") {
  CHECK(error_of([] {
          import_checkpoint(sprite_checkpoint(), {"", {"only", "three", "names"}, {}});
        }).message.find("5 classes") != std::string::npos);
  CHECK(error_of([] {
          import_checkpoint(sprite_checkpoint(), {"spriteunet", {}, {}});
        }).hint.find("sprite_unet") != std::string::npos);
  CHECK(error_of([] { import_checkpoint(sprite_checkpoint(), {"context_unet", {}, {}}); }).code == ErrorCode::kUnsupported);
}

TEST_CASE("a shortcut that was never saved gets the same numbers at every import") {
  const TemporaryFolder scratch;
  const Model whole = import_checkpoint(sprite_checkpoint(), {});
  save_weights(whole, scratch / "m.safetensors", "init_conv.shortcut");
  const Model one = import_checkpoint(scratch / "m.safetensors", {});
  at::manual_seed(99);
  const Model two = import_checkpoint(scratch / "m.safetensors", {});
  CHECK(at::equal(answer(one), answer(two)));
  CHECK_FALSE(at::allclose(answer(one), answer(whole)));
  CHECK(mentions(one.facts.notes, "shortcut"));
}

TEST_CASE("context_unet and unet2d come back from names and shapes, whatever prefix their names have") {
  const TemporaryFolder scratch;
  const Model context = small_context_unet();
  save_weights(context, scratch / "c.safetensors", "-", "module.");
  const Model found = import_checkpoint(scratch / "c.safetensors", {});
  CHECK(found.network_id == "context_unet");
  CHECK((found.network_params == context.network_params));
  CHECK(found.shape.channels == 4);
  CHECK(found.classes.size() == 2);
  CHECK(at::equal(answer(found), answer(context)));

  for (const auto& classes : {std::vector<std::string>{}, std::vector<std::string>{"x", "y", "z"}}) {
    const Model unet = small_unet2d(classes);
    export_to_diffusers(unet, scratch / "u");
    const Model back = import_checkpoint(scratch / "u", {"", classes, {}});
    CHECK(back.network_id == "unet2d");
    CHECK((back.network_params == unet.network_params));
    CHECK(back.shape.width == 16);
    CHECK((back.diffusion.schedule.kind == ScheduleKind::kCosine));
    CHECK((back.diffusion.prediction == Prediction::kEpsilon));
    CHECK(at::equal(answer(back), answer(unet)));
  }
}

TEST_CASE("the network is found under any prefix, beside a wrapper's tables; averaged weights before others") {
  const TemporaryFolder scratch;
  const fs::path file = scratch / "c.safetensors";
  const Model averaged = small_context_unet();
  Model plain = small_context_unet();
  {
    at::NoGradGuard no_grad;
    for (auto& entry : plain.network->named_parameters()) entry.value().mul_(0.5);
  }
  const auto add = [](TensorsToWrite& tensors, const Model& model, const std::string& prefix) {
    for (const auto& entry : model.network->named_parameters()) tensors.add(prefix + entry.key(), entry.value());
  };
  for (const std::string prefix : {"", "eps_model.", "net.", "model.diffusion_model.", "nn_model.", "ema.module."}) {
    CAPTURE(prefix);
    TensorsToWrite tensors;
    add(tensors, averaged, prefix);
    for (const char* table : {"betas", "alphas_cumprod", "sqrt_one_minus_alphas_cumprod", "posterior_variance", "initted", "step"})
      tensors.add(table, at::ones({10}));
    if (!prefix.empty()) tensors.add("loss_fn.weight", at::ones({1}));
    write_file(file, tensors.encode({}));
    CHECK(at::equal(answer(import_checkpoint(file, {})), answer(averaged)));
  }
  for (const auto& [raw, better] : std::vector<std::pair<std::string, std::string>>{{"model.", "ema.module."},
                                                                                    {"ema.online_model.", "ema.ema_model."},
                                                                                    {"", "model_ema."},
                                                                                    {"unet.", "ema_unet."},
                                                                                    {"state_dict.", "state_dict_ema."},
                                                                                    {"params.", "params_ema."},
                                                                                    {"g.", "g_ema."},
                                                                                    {"model_state_dict.", "ema_model_state_dict."},
                                                                                    {"a.", "unet_ema."},
                                                                                    {"a.", "module_ema."},
                                                                                    {"a.", "ema_weights."},
                                                                                    {"a.", "ema_0.9999."},
                                                                                    {"a.", "EMA."},
                                                                                    {"a.", "shadow."},
                                                                                    {"a.", "swa_model."},
                                                                                    {"a.", "avg_model."},
                                                                                    {"a.", "averaged."},
                                                                                    {"a.", "model_averaged."},
                                                                                    {"unet_non_ema.", "unet_of_ema."},
                                                                                    {"nonema.", "z_ema."}}) {
    CAPTURE(better);
    TensorsToWrite tensors;
    add(tensors, plain, raw);
    add(tensors, averaged, better);
    write_file(file, tensors.encode({}));
    const Model found = import_checkpoint(file, {});
    CHECK(at::equal(answer(found), answer(averaged)));
    CHECK(mentions(found.facts.notes, better.substr(0, better.size() - 1)));
    ImportOptions options;
    if (raw.empty()) continue;  // beside others, names without a prefix are not told from theirs
    options.values = {{"weights", raw.substr(0, raw.size() - 1)}};
    CHECK(at::equal(answer(import_checkpoint(file, options)), answer(plain)));
    options.values = {{"weights", std::string("emma")}};
    CHECK(error_of([&] { import_checkpoint(file, options); }).message.find("emma") != std::string::npos);
  }
}

TEST_CASE("tables of a schedule and counters are passed over wherever they stand, in averaged copies too") {
  const TemporaryFolder scratch;
  const fs::path file = scratch / "c.safetensors";
  const Model model = small_context_unet();
  // lucidrains' denoising-diffusion-pytorch and its EMA, guided-diffusion, LDM and its LitEma, k-diffusion and EDM, TeaPearce's.
  const std::vector<std::string> tables = split(
      "betas alphas alphas_cumprod alphas_cumprod_prev alphas_cumprod_next sqrt_alphas_cumprod sqrt_one_minus_alphas_cumprod "
      "log_one_minus_alphas_cumprod sqrt_recip_alphas sqrt_recip_alphas_cumprod sqrt_recipm1_alphas_cumprod posterior_variance "
      "posterior_log_variance_clipped posterior_mean_coef1 posterior_mean_coef2 loss_weight p2_loss_weight lvlb_weights logvar "
      "scale_factor sigmas log_sigmas sigma_data log_snr timesteps alpha_bar alphabar_t sqrtab mab_over_sqrtmab oneover_sqrta "
      "decay num_updates initted step n_averaged global_step epoch",
      ' ');
  for (const std::string prefix : {"", "model.", "ema.ema_model.", "model_ema.", "state_dict.diffusion.model."}) {
    for (const std::string within : {"", "diffusion.", "noise_scheduler.", "inner.schedule."}) {
      CAPTURE(prefix);
      CAPTURE(within);
      TensorsToWrite tensors;
      for (const auto& entry : model.network->named_parameters()) tensors.add(prefix + entry.key(), entry.value());
      for (const auto& table : tables) tensors.add(prefix + within + table, at::full({10}, std::numeric_limits<float>::infinity()));
      write_file(file, tensors.encode({}));
      CHECK(at::equal(answer(import_checkpoint(file, {})), answer(model)));
    }
  }
  // What else a module has is no table: this is another network.
  for (const std::string other : {"mid.alpha", "gate.beta", "mid.sigma", "posterior.weight"}) {
    CAPTURE(other);
    TensorsToWrite tensors;
    for (const auto& entry : model.network->named_parameters()) tensors.add(entry.key(), entry.value());
    tensors.add(other, at::ones({1}));
    write_file(file, tensors.encode({}));
    CHECK(error_of([&] { import_checkpoint(file, {}); }).message.find(other) != std::string::npos);
  }
}

TEST_CASE("averaged weights whose names have no dots, as LitEma saves them, go before the raw ones") {
  const TemporaryFolder scratch;
  const fs::path file = scratch / "c.safetensors";
  const Model averaged = import_checkpoint(sprite_checkpoint(), {});
  for (const std::string raw : {"", "model.", "state_dict.model."}) {
    CAPTURE(raw);
    TensorsToWrite tensors;
    for (const auto& entry : averaged.network->named_parameters()) {
      std::string name = entry.key();
      std::erase(name, '.');
      tensors.add("model_ema." + name, entry.value());
      tensors.add(raw + entry.key(), entry.value() * 0.5);
    }
    // Buffers have no average.
    for (const auto& entry : averaged.network->named_buffers()) tensors.add(raw + entry.key(), entry.value());
    tensors.add("model_ema.decay", at::ones({1}));
    tensors.add("model_ema.num_updates", at::ones({1}));
    write_file(file, tensors.encode({}));
    const Model found = import_checkpoint(file, {});
    CHECK(at::equal(answer(found), answer(averaged)));
    CHECK(mentions(found.facts.notes, "the weights under “model_ema” were taken"));
  }
}

TEST_CASE("a folder's weights of a variant, in parts, or of any name; config.json beside a single file") {
  const TemporaryFolder scratch;
  const Model unet = small_unet2d({"x", "y"});
  export_to_diffusers(unet, scratch / "u");
  const fs::path usual = scratch / "u/diffusion_pytorch_model.safetensors";
  const auto opens = [&](const fs::path& path) {
    const Model found = import_checkpoint(path, {});
    CHECK(found.shape.width == 16);
    CHECK((found.diffusion.schedule.kind == ScheduleKind::kCosine));
    CHECK(at::equal(answer(found), answer(unet)));
    return found.facts.notes;
  };
  opens(usual);
  for (const std::string name :
       {"diffusion_pytorch_model.fp16.safetensors", "diffusion_pytorch_model.non_ema.safetensors", "mine.safetensors"}) {
    CAPTURE(name);
    fs::rename(usual, scratch / "u" / name);
    CHECK(mentions(opens(scratch / "u"), name));
    opens(scratch / "u" / name);
    fs::rename(scratch / "u" / name, usual);
  }
  {  // averaged ones before the usual file's, which are said to be there
    Model raw = small_unet2d({"x", "y"});
    at::NoGradGuard no_grad;
    for (auto& entry : raw.network->named_parameters()) entry.value().mul_(0.5);
    const fs::path better = scratch / "u/diffusion_pytorch_model.ema.safetensors";
    fs::rename(usual, better);
    save_weights(raw, usual);
    CHECK(mentions(opens(scratch / "u"), "averaged weights in “diffusion_pytorch_model.ema.safetensors” were taken"));
    CHECK(at::equal(answer(import_checkpoint(usual, {})), answer(raw)));
    fs::rename(better, usual);
  }
  fs::create_directories(scratch / "run");
  fs::copy(scratch / "u", scratch / "run/unet");
  fs::copy(scratch / "u", scratch / "run/unet_ema");
  CHECK(mentions(opens(scratch / "run"), "unet_ema"));
  fs::create_directories(scratch / "runs");
  fs::rename(scratch / "run", scratch / "runs/checkpoint-1000");
  CHECK(error_of([&] { import_checkpoint(scratch / "runs", {}); }).hint.find("checkpoint-1000") != std::string::npos);
  const fs::path inner = scratch / "runs/checkpoint-1000";
  fs::remove_all(inner / "unet_ema");
  fs::rename(inner / "unet/diffusion_pytorch_model.safetensors", inner / "unet/diffusion_pytorch_model.fp16.safetensors");
  CHECK(error_of([&] { import_checkpoint(scratch / "runs", {}); }).hint.find("checkpoint-1000") != std::string::npos);
  fs::create_directories(scratch / "two");
  for (const char* name : {"best.safetensors", "last.safetensors"}) fs::copy(usual, scratch / "two" / name);
  const Error two = error_of([&] { import_checkpoint(scratch / "two", {}); });
  CHECK(two.message.find("2 files of weights: best.safetensors, last.safetensors") != std::string::npos);

  fs::remove(usual);
  TensorsToWrite parts[2];
  std::string map;
  int number = 0;
  for (const auto& entry : unet.network->named_parameters()) {
    const int part = number++ % 2;
    if (entry.key() != "conv_out.bias") parts[part].add(entry.key(), entry.value());
    map += (map.empty() ? "\"" : ", \"") + entry.key() + "\": \"p-0000" + std::to_string(part + 1) + "-of-00002.safetensors\"";
  }
  parts[0].add("conv_out.bias", unet.network->named_parameters()["conv_out.bias"] + 1);  // the index names the second part's
  const std::string second = "\"conv_out.bias\": \"p-00002";
  map.replace(map.find("\"conv_out.bias\""), second.size(), second);
  parts[1].add("conv_out.bias", unet.network->named_parameters()["conv_out.bias"]);
  for (int part : {0, 1})
    write_file(scratch / "u" / ("p-0000" + std::to_string(part + 1) + "-of-00002.safetensors"), parts[part].encode({}));
  write_file(scratch / "u/diffusion_pytorch_model.safetensors.index.json", R"({"metadata": {}, "weight_map": {)" + map + "}}");
  CHECK(mentions(opens(scratch / "u"), "1 tensors are in several parts"));
  opens(scratch / "u/diffusion_pytorch_model.safetensors.index.json");
  fs::rename(scratch / "u/diffusion_pytorch_model.safetensors.index.json", scratch / "u/mine.index.json");
  opens(scratch / "u");
  fs::remove(scratch / "u/mine.index.json");
  const Error no_index = error_of([&] { import_checkpoint(scratch / "u", {}); });
  CHECK(no_index.message.find("weights in parts, and no index") != std::string::npos);
  CHECK(no_index.hint.find(".index.json") != std::string::npos);
}

TEST_CASE("a network that is not known, holds NaN or has something else in it is refused by name") {
  const TemporaryFolder scratch;
  const fs::path file = scratch / "x.safetensors";
  TensorsToWrite words;
  words.add("transformer.h.0.attn.c_attn.weight", at::zeros({8, 24}));
  words.add("transformer.wte.weight", at::zeros({50, 8}));
  write_file(file, words.encode({}));
  CHECK(error_of([&] { import_checkpoint(file, {}); }).message.find("x.safetensors") != std::string::npos);

  Model model = small_context_unet();
  {
    at::NoGradGuard no_grad;
    model.network->named_parameters()["mid.attn.q.bias"][0] = std::nan("");
  }
  save_weights(model, file);
  CHECK(error_of([&] { import_checkpoint(file, {}); }).message.find("mid.attn.q.bias") != std::string::npos);

  save_weights(small_context_unet(), file, "mid.attn.k.bias");
  CHECK(error_of([&] { import_checkpoint(file, {}); }).message.find("mid.attn.k.bias") != std::string::npos);
  fs::create_directories(scratch / "empty");
  CHECK(error_of([&] { import_checkpoint(scratch / "empty", {}); }).code == ErrorCode::kNotFound);
}

TEST_CASE("only unet2d models can be written for diffusers, and nothing is left of what cannot") {
  const TemporaryFolder scratch;
  CHECK(error_of([&] { export_to_diffusers(small_context_unet(), scratch / "no"); }).message.find("context_unet") !=
        std::string::npos);
  CHECK_FALSE(fs::exists(scratch / "no"));
}
