#include <algorithm>

#include "engine/data/batches.h"
#include "engine/training/recipe.h"

namespace kiln {
namespace {

using Specs = std::vector<ParamSpec>;

void add(Specs& specs, Specs more) { specs.insert(specs.end(), more.begin(), more.end()); }

// Under one heading.
Specs grouped(const char* heading, Specs specs) {
  for (ParamSpec& spec : specs) spec.group = heading;
  return specs;
}

Specs data_specs() {
  return grouped(
      "Sprites",
      {{.id = "channels",
        .label = "Channels",
        .fallback = "rgba",
        .choices = {"rgba", "rgb"},
        .help = "With or without transparency",
        .of_model = true,
        .changes_loss = true},
       {.id = "background",
        .label = "Background",
        .fallback = std::string(kBorderColour),
        .form = "auto | #1a1c2c",
        .help = "Without transparency (rgb): the colour behind the sprites; auto: the mean of the opaque pixels along their "
                "borders, white without any"},
       {.id = "palette",
        .label = "Palette head",
        .fallback = std::string(kOwnPalette),
        .form = "off | auto | 32",
        .help = "The network chooses each pixel's colour out of the set's own: exact colours, in place of a prediction. auto: of "
                "sets with at "
                "most 256 colours and no half-transparent pixel; a number: of any set, brought down to so many",
        .of_model = true,
        .changes_loss = true},
       {.id = "palette_distance",
        .label = "Colour distance",
        .fallback = 0.0,
        .max = 100,
        .help = "With a palette head: how much the distance between colours counts beside which one it is",
        .changes_loss = true,
        .same_speed = true},
       {.id = "validation_share",
        .label = "Validation split",
        .unit = "of sprites",
        .fallback = 0.05,
        .max = 0.5,
        .help = "Share of each class that is only used to measure",
        .changes_loss = true},
       {.id = "balance",
        .label = "Class balance",
        .fallback = 1.0,
        .max = 1,
        .help = "1 shows every class equally often, 0 every sprite",
        .same_speed = true},
       {.id = "frames",
        .label = "Animation frames",
        .fallback = true,
        .help = "Of animated sprites (tags of Aseprite, GIF, APNG), the network is told which frame each is, and draws animations "
                "(default U-Net)",
        .same_speed = true},
       {.id = "flips",
        .label = "Mirror",
        .fallback = "",
        .help = "Classes whose sprites may be mirrored, separated by commas; * for all"},
       {.id = "shift",
        .label = "Shift",
        .unit = "pixels",
        .fallback = 1,
        .max = kMostShift,
        .help = "Largest move of a sprite within its picture",
        .same_speed = true},
       {.id = "augmentation_share",
        .label = "Moved or mirrored",
        .unit = "of sprites",
        .fallback = 1.0,
        .max = 1,
        .help = "Share of the sprites drawn for training that may be moved and mirrored; the others stay as they are",
        .same_speed = true},
       {.id = "augmentation_labels",
        .label = "Tell the network",
        .fallback = false,
        .help = "The network is told how each sprite was moved and mirrored, and samples as if none was: "
                "moves then do not show in what it makes (default U-Net)",
        .same_speed = true}});
}

Specs diffusion_specs() {
  return grouped(
      "Noise",
      {{.id = "schedule",
        .label = "Schedule",
        .fallback = "cosine",
        .choices = schedule_kind_names(),
        .help = "How noise grows over time. Linear: Ho et al. 2020; cosine: Nichol & Dhariwal 2021",
        .of_model = true,
        .changes_loss = true},
       {.id = "timesteps",
        .label = "Noise levels",
        .fallback = 1000,
        .min = 10,
        .max = 10000,
        .help = "Length T of the schedule",
        .of_model = true,
        .changes_loss = true},
       {.id = "beta_start",
        .label = "First β",
        .fallback = 1e-4,
        .min = 1e-6,
        .max = 0.1,
        .logarithmic = true,
        .help = "Linear schedules: noise of the first step",
        .of_model = true,
        .changes_loss = true},
       {.id = "beta_end",
        .label = "Last β",
        .fallback = 0.02,
        .min = 1e-5,
        .max = 0.999,
        .logarithmic = true,
        .help = "Linear schedules: noise of the last step",
        .of_model = true,
        .changes_loss = true},
       {.id = "zero_terminal_snr",
        .label = "Zero terminal SNR",
        .fallback = false,
        .help = "Make the last step pure noise. Lin et al. 2024",
        .of_model = true,
        .changes_loss = true},
       {.id = "prediction",
        .label = "Prediction",
        .fallback = "v",
        .choices = prediction_names(),
        .help = "Prediction target of the network. eps: Ho et al. 2020; v: Salimans & Ho 2022",
        .of_model = true,
        .changes_loss = true},
       {.id = "legacy_noise",
        .label = "Older noise",
        .fallback = false,
        .help = "Noise scaled by 1-ᾱ in place of √(1-ᾱ), for going on with a model that was trained so",
        .of_model = true,
        .changes_loss = true},
       {.id = "p_uncond",
        .label = "Unconditional share",
        .fallback = 0.1,
        .max = 0.9,
        .help = "Share of sprites shown without their class, for guidance. Ho & Salimans 2022",
        .same_speed = true},
       {.id = "distill",
        .label = "Distil to few steps",
        .fallback = false,
        .help = "Learns to draw in 1 to 4 steps what the starting model draws in many, with guidance "
                "built in (default U-Net; needs a model to start from)",
        .changes_loss = true},
       {.id = "teacher_steps",
        .label = "Teacher's steps",
        .fallback = 24,
        .min = 12,
        .max = 1000,
        .help = "When distilling: the steps in which the starting model draws what is learned; a multiple of 12"},
       {.id = "timestep_distribution",
        .label = "Noise levels drawn",
        .fallback = "uniform",
        .choices = {"uniform", "log_normal"},
        .help = "How often each noise level is trained: evenly over time, or mostly middling ones, as in EDM (Karras et al. 2022)",
        .same_speed = true},
       {.id = "min_snr_gamma",
        .label = "Min-SNR γ",
        .fallback = 5.0,
        .max = 100,
        .help = "Loss weight min(SNR, γ); 0 weighs all noise levels as the prediction does. Hang et al. 2023",
        .changes_loss = true,
        .same_speed = true}});
}

Specs optimiser_specs() {
  return grouped(
      "Learning",
      {{.id = "steps",
        .label = "Steps",
        .fallback = 20000,
        .min = 1,
        .max = 10000000,
        .help = "How long to train; a run can go on past its end, and be stopped before it",
        .basic = true,
        .live = true,
        .same_speed = true},
       {.id = "batch", .label = "Batch", .unit = "sprites", .fallback = 64, .min = 1, .max = 4096, .help = "Sprites per step"},
       {.id = "learning_rate",
        .label = "Learning rate",
        .fallback = 6e-4,
        .min = 1e-7,
        .max = 0.1,
        .logarithmic = true,
        .help = "At its highest; lower it when the loss jumps about",
        .live = true,
        .same_speed = true},
       {.id = "warmup",
        .label = "Warm-up",
        .unit = "steps",
        .fallback = 500,
        .max = 100000,
        .help = "Steps until the learning rate is at its highest",
        .same_speed = true},
       {.id = "final_rate",
        .label = "Final rate",
        .unit = "of highest",
        .fallback = 0.02,
        .max = 1,
        .help = "Where the cosine decay ends",
        .same_speed = true},
       {.id = "weight_decay",
        .label = "Weight decay",
        .fallback = 0.01,
        .max = 1,
        .help = "Decoupled (AdamW: Loshchilov & Hutter 2019), on weights of two dimensions and more",
        .same_speed = true},
       {.id = "beta1",
        .label = "β₁",
        .fallback = 0.9,
        .max = 0.9999,
        .help = "Decay rate of the running mean of the gradient",
        .same_speed = true},
       {.id = "beta2",
        .label = "β₂",
        .fallback = 0.99,
        .max = 0.99999,
        .help = "Decay rate of the running mean of its square",
        .same_speed = true},
       {.id = "gradient_clip",
        .label = "Gradient clip",
        .fallback = 1.0,
        .max = 1000,
        .help = "Largest norm of the gradient; 0 for none",
        .same_speed = true},
       {.id = "ema_decay",
        .label = "EMA decay",
        .fallback = 0.9995,
        .max = 0.999999,
        .help = "Decay rate of the averaged weights that are kept",
        .same_speed = true},
       {.id = "seed",
        .label = "Seed",
        .fallback = 0,
        .largest_seed = kLargestSeed,
        .help = "Of the weights, the order of the data and the noise",
        .changes_loss = true,
        .same_speed = true}});
}

Specs watching_specs() {
  return grouped(
      "Along the way",
      {{.id = "evaluate_every",
        .label = "Measure every",
        .unit = "steps",
        .fallback = 500,
        .min = 1,
        .max = 1000000,
        .help = "Steps between measurements of the losses on fixed noise"},
       {.id = "checkpoint_every",
        .label = "Checkpoint every",
        .unit = "steps",
        .fallback = 500,
        .min = 1,
        .max = 1000000,
        .help = "Steps between checkpoints"},
       {.id = "checkpoints",
        .label = "Checkpoints kept",
        .fallback = 2,
        .min = 1,
        .max = 100,
        .help = "How many of the newest are kept, beside the best model",
        .same_speed = true},
       {.id = "sample_every",
        .label = "Samples every",
        .unit = "steps",
        .fallback = 500,
        .max = 1000000,
        .help = "Steps between rows of samples that show what was learned; 0 for none",
        .live = true},
       {.id = "sample_columns",
        .label = "Samples",
        .unit = "per class",
        .fallback = 4,
        .min = 1,
        .max = 16,
        .help = "Sprites of each class in them, always from the same seeds"},
       {.id = "quality_every",
        .label = "Quality every",
        .unit = "steps",
        .fallback = 0,
        .max = 1000000,
        .help = "Steps between evaluations of what the model draws: its distance to the drawn sprites, how well "
                "classes are recognised, whether it is told apart, near copies. Training waits for one, a minute or "
                "some; 0 for none",
        .live = true},
       {.id = "best_by",
        .label = "Best model by",
        .fallback = "loss",
        .choices = {"loss", "frechet", "class_accuracy", "told_apart"},
        .help = "What the best model of the run, best.safetensors in its folder, is chosen by: all but the loss are "
                "measured with the quality"},
       {.id = "least_novelty",
        .label = "Least novelty",
        .fallback = 0.0,
        .max = 1,
        .help = "Ends the run where it begins to know its sprites by heart, with the model before (best.safetensors then): where "
                "samples differ from the nearest sprite by less than this share of what sprites differ by from each other. "
                "64 samples or more are looked at with each row of them, and at the end; 0: never",
        .live = true},
       {.id = "precision",
        .label = "Precision",
        .fallback = "auto",
        .choices = {"auto", "fp32", "bf16"},
        .help = "Floating-point type of the large operations"},
       {.id = "gradient_compression",
        .label = "Gradient compression",
        .fallback = "off",
        .choices = {"off", "bf16"},
        .help = "In several processes: gradients go from one to another as bf16, half of the bytes, rounded; for networks "
                "slower than the training",
        .same_speed = true},
       {.id = "weights",
        .label = "Weights in the file",
        .fallback = "f16",
        .choices = {"f16", "f32"},
        .help = "Floating-point type of the model file",
        .same_speed = true}});
}

// Whether the recipe has a parameter of that id beside those of the networks.
bool is_own_key(const std::string& id) {
  if (id == "network") return true;
  for (const Specs& specs : {data_specs(), diffusion_specs(), optimiser_specs(), watching_specs()}) {
    if (std::any_of(specs.begin(), specs.end(), [&](const ParamSpec& spec) { return spec.id == id; })) return true;
  }
  return false;
}

Specs network_specs() {
  std::vector<std::string> ids;
  for (const auto& kind : network_kinds()) ids.push_back(kind.id);
  Specs specs = {
      {.id = "network", .label = "Network", .fallback = ids.front(), .choices = ids, .help = "Which network is trained"}};
  for (const auto& kind : network_kinds()) {
    for (ParamSpec param : kind.params) {
      param.id = recipe_key(kind, param);
      specs.push_back(std::move(param));
    }
  }
  for (ParamSpec& spec : specs) spec.of_model = true;
  return grouped("Network", std::move(specs));
}

}  // namespace

std::string recipe_key(const NetworkKind& kind, const ParamSpec& param) {
  if (is_own_key(param.id)) return kind.id + "." + param.id;
  for (const auto& earlier : network_kinds()) {
    if (earlier.id == kind.id) break;
    for (const auto& other : earlier.params) {
      if (other.id == param.id) return kind.id + "." + param.id;
    }
  }
  return param.id;
}

const Specs& recipe_specs() {
  static const Specs specs = [] {
    Specs all = data_specs();
    add(all, network_specs());
    add(all, diffusion_specs());
    add(all, optimiser_specs());
    add(all, watching_specs());
    return all;
  }();
  return specs;
}

}  // namespace kiln
