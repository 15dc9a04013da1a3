#include "tests/app/support/fake_lab.h"

namespace kiln {

LabResult fake_lab(const LabRequest& request) {
  constexpr int kLength = 1000, kSide = 4;
  LabResult result;
  result.timesteps = kLength;
  result.timestep = static_cast<int>(request.level * (kLength - 1));
  for (int t = 0; t < kLength; ++t) result.alphas_bar.push_back(1 - static_cast<double>(t) / kLength);
  result.alpha_bar = result.alphas_bar[static_cast<std::size_t>(result.timestep)];
  for (const char* id : {"sprite", "noise", "noisy", "predicted_noise", "predicted_sprite", "difference"}) {
    LabPicture picture{id, id, "a picture", {4, request.sprite.height, request.sprite.width, {}}, request.sprite};
    picture.values.values.assign(request.sprite.rgba.size(), 0.5f);
    result.pictures.push_back(std::move(picture));
  }
  result.attention = {{"4×4, 1", kSide, kSide, std::vector<float>(kSide * kSide * kSide * kSide, 1.0f / (kSide * kSide))}};
  result.visited = {999, 500, 1};
  result.classes = {{"potion", -1, 0.5}, {"sword", 1, -0.5}};
  result.explained = 0.4;
  return result;
}

}  // namespace kiln
