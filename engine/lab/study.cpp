#include "engine/lab/study.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "engine/diffusion/step_numbers.h"
#include "engine/network/blocks/attention_recorder.h"

namespace kiln {
namespace {

// How numbers become a picture.
enum class Shown {
  kSprite,      // as they are
  kNoise,       // ±3 from black to white
  kDifference,  // ±2 from black to white
};

std::uint8_t byte_of(float value) { return static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255)); }

Image picture_of(const ValueMap& map, Shown shown) {
  const float half_range = shown == Shown::kNoise ? 3 : shown == Shown::kDifference ? 2 : 1;
  Image image(map.width, map.height);
  for (int y = 0; y < map.height; ++y) {
    for (int x = 0; x < map.width; ++x) {
      std::uint8_t* pixel = image.pixel(x, y);
      for (int c = 0; c < 4; ++c) {
        const bool opaque = c == 3 && (map.channels == 3 || shown != Shown::kSprite);
        pixel[c] = opaque ? 255 : byte_of(map.at(c, y, x) / (2 * half_range) + 0.5f);
      }
    }
  }
  return image;
}

// Of [1, C, H, W].
ValueMap value_map(const at::Tensor& values) {
  const at::Tensor dense = values[0].to(at::kCPU, at::kFloat).contiguous();
  ValueMap map;
  map.channels = static_cast<int>(dense.size(0));
  map.height = static_cast<int>(dense.size(1));
  map.width = static_cast<int>(dense.size(2));
  map.values.assign(dense.data_ptr<float>(), dense.data_ptr<float>() + dense.numel());
  return map;
}

LabPicture lab_picture(std::string id, std::string label, std::string help, const at::Tensor& values, Shown shown) {
  LabPicture picture{std::move(id), std::move(label), std::move(help), value_map(values), {}};
  picture.shown = picture_of(picture.values, shown);
  return picture;
}

std::vector<AttentionMap> attention_maps(const AttentionRecorder& recorder) {
  std::vector<AttentionMap> maps;
  for (const AttentionRecorder::Layer& layer : recorder.layers()) {
    const at::Tensor weights = layer.weights[0].to(at::kCPU).contiguous();
    AttentionMap map;
    map.width = static_cast<int>(layer.width);
    map.height = static_cast<int>(layer.height);
    const auto same = std::count_if(maps.begin(), maps.end(), [&](const AttentionMap& other) {
      return other.width == map.width && other.height == map.height;
    });
    map.label = std::to_string(map.width) + "×" + std::to_string(map.height) + ", " + std::to_string(same + 1);
    map.weights.assign(weights.data_ptr<float>(), weights.data_ptr<float>() + weights.numel());
    maps.push_back(std::move(map));
  }
  return maps;
}

struct Predictions {
  at::Tensor x0, epsilon;
};

}  // namespace

Study study(const NoiseSchedule& schedule, const OutputHead& head, Denoiser& denoiser, const StudyInput& input) {
  Study result;
  result.alpha_bar = schedule.alphas_bar.at(static_cast<std::size_t>(input.timestep));
  const at::Tensor signal = at::full({1, 1, 1, 1}, std::sqrt(result.alpha_bar)),
                   noise = at::full({1, 1, 1, 1}, std::sqrt(1 - result.alpha_bar));
  const at::Tensor x = noised(input.x0, input.noise, signal, noise);

  const AttentionRecorder recorder;
  denoiser.begin({static_cast<double>(input.timestep)}, input.condition, input.negative);
  const at::Tensor output = denoiser.evaluate(x, 0, true);
  result.attention = attention_maps(recorder);

  const PredictionTerms to_x0 = x0_terms(head.prediction, result.alpha_bar),
                        to_epsilon = epsilon_terms(head.prediction, result.alpha_bar);
  const auto read = [&](const at::Tensor& guided_output) {
    const at::Tensor prediction = head(guided_output);
    return Predictions{x * to_x0.x + prediction * to_x0.prediction, x * to_epsilon.x + prediction * to_epsilon.prediction};
  };
  StepNumbers numbers{};
  numbers[kGuidance] = input.guidance.scale;
  numbers[kRescale] = input.guidance.rescale;
  const at::Tensor to_guide = head.to_guide(output);
  const auto halves = to_guide.chunk(2, 0);
  const at::Tensor guided_output = guided(HostArithmetic(numbers), to_guide, input.guidance.rescale > 0);
  const Predictions with = read(halves[0]), without = read(halves[1]), guided_to = read(guided_output);
  if (head.is_palette()) result.probabilities = value_map(head.probabilities(guided_output, 0));

  const auto add = [&](auto... parts) { result.pictures.push_back(lab_picture(parts...)); };
  add("sprite", "Sprite", "x0", input.x0, Shown::kSprite);
  add("noise", "Noise", "ε, from the seed", input.noise, Shown::kNoise);
  add("noisy", "Noisy sprite", "x_t = √ᾱ · x0 + √(1-ᾱ) · ε: what the network is given", x, Shown::kSprite);
  add("predicted_noise", "Predicted noise", "The ε that the network sees in the noisy sprite, with guidance", guided_to.epsilon,
      Shown::kNoise);
  add("predicted_sprite", "Predicted sprite", "The x0 that the network sees in the noisy sprite, with guidance", guided_to.x0,
      Shown::kSprite);
  add("difference", "Difference", "Predicted sprite - sprite: grey where they are the same", guided_to.x0 - input.x0,
      Shown::kDifference);
  add("conditional", "With its class", "The predicted sprite for the class alone, without guidance", with.x0, Shown::kSprite);
  add("unconditional", "Without a class", "The predicted sprite for no class, or for the one to get away from", without.x0,
      Shown::kSprite);
  add("guidance", "What guidance does", "Predicted sprite - that of the class alone: grey where guidance changes nothing",
      guided_to.x0 - with.x0, Shown::kDifference);
  return result;
}

}  // namespace kiln
