#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

#include "engine/base/cpu.h"
#include "engine/base/error.h"
#include "engine/inference/make_denoiser.h"
#include "engine/network/import/import.h"
#include "engine/session/golden_check.h"
#include "tests/support/source_folder.h"

#include <doctest/doctest.h>  // after torch

using namespace kiln;

namespace {

namespace fs = std::filesystem;

constexpr double kTolerance = 1e-4;

fs::path in_repository(const std::string& name) { return source_folder() / "tests/golden/parity" / name; }

// The folder of golden files that are too large for the repository; empty if there is none.
fs::path large_goldens() {
  const char* given = std::getenv("SPRITEKILN_PARITY");
  const fs::path folder = given != nullptr ? fs::path(given) : source_folder().parent_path() / "shared" / "parity";
  return fs::is_directory(folder) ? folder : fs::path();
}

// Checks a checkpoint against its golden file, by the network as it is and by its plan, and returns how many keys that were.
std::size_t check(const fs::path& checkpoint, const fs::path& golden) {
  const auto model = std::make_shared<const Model>(open_model(checkpoint));
  const auto eager = [](const Model& of) { return make_eager_denoiser(of, {}); };
  std::size_t keys = 0;
  for (const GoldenErrors& found : {check_golden(model, golden), check_golden(model, golden, eager)}) {
    for (const auto& [key, error] : found) {
      CAPTURE(key);
      CAPTURE(error.error);
      CHECK(error.within(kTolerance));
    }
    keys = found.size();
  }
  return keys;
}

// The same of one evaluation in bf16; 0 where there is no such plan.
double error_in_bf16(const fs::path& checkpoint, const fs::path& golden) {
  const auto model = std::make_shared<const Model>(open_model(checkpoint));
  const auto in_bf16 = [](const Model& of) { return make_denoiser(of, {.bf16 = cpu_has_fast_bf16()}); };
  return check_golden(model, golden, in_bf16).at("eps").relative();
}

}  // namespace

TEST_CASE("sprite_unet gives the numbers of the projects' own code: one evaluation, DDPM, DDIM with and without noise") {
  CHECK(check(in_repository("sprite_unet_16.pth"), in_repository("sprite_unet_16_golden.safetensors")) == 5);
  CHECK(error_in_bf16(in_repository("sprite_unet_16.pth"), in_repository("sprite_unet_16_golden.safetensors")) < 0.05);
}

TEST_CASE("kiln_unet gives the numbers of a network written from its description in Python, in double precision") {
  CHECK(check(in_repository("kiln_unet.safetensors"), in_repository("kiln_unet_golden.safetensors")) == 1);
}

TEST_CASE("an error is judged by 1, by 10 for whole runs, or by the largest value") {
  CHECK(GoldenError{1e-4, 0.5, false}.within(1e-4));
  CHECK_FALSE(GoldenError{1.1e-4, 0.5, false}.within(1e-4));
  CHECK(GoldenError{1e-3, 2, true}.within(1e-4));
  CHECK_FALSE(GoldenError{1.1e-3, 2, true}.within(1e-4));
  CHECK(GoldenError{0.04, 79149, true}.relative() == doctest::Approx(5.05e-7).epsilon(0.01));
  CHECK_FALSE(GoldenError{0.04, 300, true}.within(1e-4));
  CHECK(GoldenError{0.004, 1, true, 812}.within(1e-4));
}

TEST_CASE("the large golden files of all families") {
  const fs::path folder = large_goldens();
  if (folder.empty()) {
    MESSAGE("left out: no large golden files; SPRITEKILN_PARITY names their folder");
    return;
  }
  CHECK(check(folder / "context_unet_ema_shadow.pth", folder / "context_unet_golden.safetensors") == 5);
  CHECK(check(folder / "sprite_unet_32.pth", folder / "sprite_unet_32_golden.safetensors") == 5);
  CHECK(check(folder / "unet2d", folder / "unet2d_golden.safetensors") == 15);
  CHECK(error_in_bf16(folder / "context_unet_ema_shadow.pth", folder / "context_unet_golden.safetensors") < 0.05);
  CHECK(error_in_bf16(folder / "sprite_unet_32.pth", folder / "sprite_unet_32_golden.safetensors") < 0.05);
  CHECK(error_in_bf16(folder / "unet2d", folder / "unet2d_golden.safetensors") < 0.05);
}

TEST_CASE("a changed weight is found, and a golden file for another model refused") {
  auto model = std::make_shared<Model>(import_checkpoint(in_repository("sprite_unet_16.pth"), {}));
  at::NoGradGuard no_grad;
  auto parameters = model->network->named_parameters();
  parameters[parameters.size() - 1].value() += 0.05F;  // a bias that no norm takes away
  const GoldenErrors found = check_golden(model, in_repository("sprite_unet_16_golden.safetensors"));
  CHECK(found.at("eps").error > kTolerance);
  CHECK(found.at("betas").error < kTolerance);
  CHECK_THROWS_AS(check_golden(model, in_repository("sprite_unet_16.pth")), Failure);

  auto other = std::make_shared<const Model>(
      make_model("sprite_unet", {{"features", std::int64_t{16}}}, {16, 16, 4, 5}, {"a", "b", "c", "d", "e"}));
  CHECK_THROWS_AS(check_golden(other, in_repository("sprite_unet_16_golden.safetensors")), Failure);
}
