#include "engine/training/recipe.h"

namespace kiln {
namespace {

RecipePreset quick() {
  return {"quick",
          "Quick look",
          "A small network and a short run: minutes, to see whether the data suits",
          {{"width", 32},
           {"steps", 1500},
           {"batch", 32},
           {"warmup", 100},
           {"ema_decay", 0.995},
           {"learning_rate", 1e-3},
           {"evaluate_every", 100},
           {"checkpoint_every", 250},
           {"sample_every", 250},
           {"sample_columns", 2}}};
}

RecipePreset standard() { return {"standard", "Standard", "The default U-Net and settings", {}}; }

RecipePreset thorough() {
  return {"thorough",
          "Thorough",
          "The same, four times as long",
          {{"steps", 80000}, {"ema_decay", 0.9998}, {"learning_rate", 4e-4}, {"sample_every", 2000}}};
}

// Few sprites: all are trained on, moved a little more, and the average forgets the old classes within the run, which ends before
// it knows them by heart.
RecipePreset finetune() {
  return {"finetune",
          "Fine-tune a model",
          "Goes on from a model you have, with your own classes; 20 sprites are enough",
          {{"steps", 1500},
           {"batch", 32},
           {"warmup", 50},
           {"learning_rate", 3e-4},
           {"final_rate", 0.1},
           {"ema_decay", 0.99},
           {"validation_share", 0.0},
           {"shift", 2},
           {"evaluate_every", 50},
           {"checkpoint_every", 250},
           {"sample_every", 50},
           {"least_novelty", 0.75}},
          true};
}

// The teacher is the data: nothing of the sprites can be learned by heart, so there is no dropout, and every class is met as often.
RecipePreset distill() {
  return {"distill",
          "Make it live",
          "Teaches a model you have to draw in 1 to 4 steps, fast enough to follow a slider",
          {{"distill", true},
           {"steps", 12000},
           {"batch", 36},
           {"warmup", 100},
           {"learning_rate", 4e-4},
           {"final_rate", 0.0},
           {"weight_decay", 0.0},
           {"ema_decay", 0.999},
           {"dropout", 0.0},
           {"min_snr_gamma", 0.0},
           {"validation_share", 0.0},
           {"shift", 0}},
          true};
}

RecipePreset ddpm() {
  return {"ddpm",
          "DDPM, linear, ε",
          "Linear noise of 500 levels, a small U-Net with BatchNorm that predicts the noise, plain Adam, no averaged weights; "
          "square sprites only",
          {{"network", "sprite_unet"},
           {"schedule", "linear"},
           {"timesteps", 500},
           {"beta_start", 1e-4},
           {"beta_end", 0.02},
           {"prediction", "eps"},
           {"min_snr_gamma", 0.0},
           {"batch", 100},
           {"learning_rate", 1e-3},
           {"warmup", 0},
           {"final_rate", 0.0},
           {"weight_decay", 0.0},
           {"beta2", 0.999},
           {"gradient_clip", 0.0},
           {"ema_decay", 0.0},
           {"precision", "fp32"}}};
}

RecipePreset cosine() {
  return {"cosine",
          "cosine, class, EMA",
          "Cosine noise of 1000 levels, a U-Net with attention that is told the class and predicts the noise, averaged weights",
          {{"network", "context_unet"},
           {"schedule", "cosine"},
           {"timesteps", 1000},
           {"prediction", "eps"},
           {"min_snr_gamma", 0.0},
           {"batch", 64},
           {"learning_rate", 2e-4},
           {"final_rate", 0.0},
           {"weight_decay", 0.0},
           {"beta2", 0.999},
           {"ema_decay", 0.999},
           {"precision", "fp32"}}};
}

}  // namespace

const std::vector<RecipePreset>& recipe_presets() {
  static const std::vector<RecipePreset> presets = {quick(), standard(), thorough(), finetune(), distill(), ddpm(), cosine()};
  return presets;
}

}  // namespace kiln
