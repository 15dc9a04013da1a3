#include "engine/api/training.h"

#include <cstdio>

namespace kiln {

const std::vector<MetricInfo>& train_metrics() {
  using M = TrainMetrics;
  using Curve = MetricInfo::Curve;
  static const std::vector<MetricInfo> metrics = {
      {.id = "smoothed_loss", .label = "smoothed", .value = &M::smoothed_loss, .decimals = 4, .plot = "Loss"},
      {.id = "loss", .label = "loss", .value = &M::loss, .decimals = 4, .plot = "Loss", .curve = Curve::kFaint},
      {.id = "train_eval_loss", .label = "training", .value = &M::train_eval_loss, .decimals = 4},
      {.id = "validation_loss",
       .label = "validation",
       .value = &M::validation_loss,
       .decimals = 4,
       .plot = "Loss",
       .curve = Curve::kDots},
      {.id = "frechet",
       .label = "Fréchet distance",
       .value = &M::frechet,
       .decimals = 2,
       .plot = "Fréchet distance",
       .curve = Curve::kDots},
      {.id = "class_accuracy",
       .label = "class accuracy",
       .value = &M::class_accuracy,
       .decimals = 3,
       .plot = "How good",
       .curve = Curve::kDots},
      {.id = "told_apart",
       .label = "told apart",
       .value = &M::told_apart,
       .decimals = 3,
       .plot = "How good",
       .curve = Curve::kDots},
      {.id = "near_copies",
       .label = "near copies",
       .value = &M::near_copies,
       .decimals = 3,
       .plot = "How good",
       .curve = Curve::kDots},
      {.id = "novelty", .label = "novelty", .value = &M::novelty, .decimals = 3, .plot = "How good", .curve = Curve::kDots},
      {.id = "learning_rate", .label = "learning rate", .value = &M::learning_rate, .plot = "Learning rate"},
      {.id = "gradient_norm", .label = "gradient norm", .value = &M::gradient_norm},
      {.id = "images_per_s", .label = "", .value = &M::images_per_s, .unit = "sprites/s", .decimals = 1},
      {.id = "left_s", .label = "left", .value = &M::left_s, .unit = "s"},
      {.id = "epoch", .label = "epoch", .value = &M::epoch, .decimals = 1},
      {.id = "memory_mb", .label = "memory", .value = &M::memory_mb, .unit = "MB"},
  };
  return metrics;
}

std::string metric_text(const MetricInfo& info, double value) {
  char number[32];
  std::snprintf(number, sizeof number, "%.*f", info.decimals, value);
  return (info.label.empty() ? "" : info.label + " ") + number + (info.unit.empty() ? "" : " " + info.unit);
}

const char* run_state_name(RunState state) {
  switch (state) {
    case RunState::kRunning:
      return "running";
    case RunState::kStopped:
      return "stopped";
    case RunState::kFinished:
      return "finished";
  }
  return "";
}

}  // namespace kiln
