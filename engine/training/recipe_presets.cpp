#include "engine/training/recipe.h"

namespace kiln {
namespace {

ParamValue n(std::int64_t value) { return value; }
ParamValue t(const char* value) { return std::string(value); }

RecipePreset quick() {
  return {"quick",
          "Quick look",
          "A small network and a short run: minutes, to see whether the data suits",
          {{"width", n(32)},
           {"steps", n(1500)},
           {"batch", n(32)},
           {"warmup", n(100)},
           {"ema_decay", 0.995},
           {"learning_rate", 1e-3},
           {"evaluate_every", n(100)},
           {"checkpoint_every", n(250)},
           {"sample_every", n(250)},
           {"sample_columns", n(2)}}};
}

RecipePreset standard() { return {"standard", "Standard", "The default U-Net and settings", {}}; }

RecipePreset thorough() {
  return {"thorough",
          "Thorough",
          "The same, four times as long",
          {{"steps", n(80000)}, {"ema_decay", 0.9998}, {"learning_rate", 4e-4}, {"sample_every", n(2000)}}};
}

// Few sprites: all are trained on, moved a little more, and the average forgets the old classes within the run.
RecipePreset finetune() {
  return {"finetune",
          "Fine-tune a model",
          "Goes on from a model you have, with your own classes; 20 sprites are enough",
          {{"steps", n(1500)},
           {"batch", n(32)},
           {"warmup", n(50)},
           {"learning_rate", 3e-4},
           {"final_rate", 0.1},
           {"ema_decay", 0.99},
           {"validation_share", 0.0},
           {"shift", n(2)},
           {"evaluate_every", n(100)},
           {"checkpoint_every", n(250)},
           {"sample_every", n(100)}},
          true};
}

RecipePreset ddpm() {
  return {"ddpm",
          "DDPM, linear, ε",
          "Linear noise of 500 levels, a small U-Net with BatchNorm that predicts the noise, plain Adam, no averaged weights; "
          "square sprites only",
          {{"network", t("sprite_unet")},
           {"schedule", t("linear")},
           {"timesteps", n(500)},
           {"beta_start", 1e-4},
           {"beta_end", 0.02},
           {"prediction", t("eps")},
           {"min_snr_gamma", 0.0},
           {"batch", n(100)},
           {"learning_rate", 1e-3},
           {"warmup", n(0)},
           {"final_rate", 0.0},
           {"weight_decay", 0.0},
           {"beta2", 0.999},
           {"gradient_clip", 0.0},
           {"ema_decay", 0.0},
           {"precision", t("fp32")}}};
}

RecipePreset cosine() {
  return {"cosine",
          "cosine, class, EMA",
          "Cosine noise of 1000 levels, a U-Net with attention that is told the class and predicts the noise, averaged weights",
          {{"network", t("context_unet")},
           {"schedule", t("cosine")},
           {"timesteps", n(1000)},
           {"prediction", t("eps")},
           {"min_snr_gamma", 0.0},
           {"batch", n(64)},
           {"learning_rate", 2e-4},
           {"final_rate", 0.0},
           {"weight_decay", 0.0},
           {"beta2", 0.999},
           {"ema_decay", 0.999},
           {"precision", t("fp32")}}};
}

}  // namespace

const std::vector<RecipePreset>& recipe_presets() {
  static const std::vector<RecipePreset> presets = {quick(), standard(), thorough(), finetune(), ddpm(), cosine()};
  return presets;
}

}  // namespace kiln
