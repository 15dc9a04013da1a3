#include "tests/app/support/fake_lab.h"

#include <algorithm>

namespace kiln {
namespace {

// Each pixel's own colour is likely; so many entries that not all have a bar of their own, and one as guidance may make it.
ColourProbabilities fake_colours(const Image& sprite) {
  constexpr std::size_t kMost = 40;
  ColourProbabilities colours;
  colours.entries = {kTransparent};
  const std::size_t pixels = sprite.rgba.size() / 4;
  std::vector<std::size_t> own(pixels);
  for (std::size_t i = 0; i < pixels; ++i) {
    const std::uint8_t* at = sprite.rgba.data() + 4 * i;
    const Rgba8 colour = at[3] == 0 ? kTransparent : Rgba8{at[0], at[1], at[2], at[3]};
    own[i] = static_cast<std::size_t>(std::find(colours.entries.begin(), colours.entries.end(), colour) - colours.entries.begin());
    if (own[i] < colours.entries.size()) continue;
    if (colours.entries.size() < kMost)
      colours.entries.push_back(colour);
    else
      own[i] = 0;
  }
  const std::size_t count = colours.entries.size();
  colours.values = {static_cast<int>(count), sprite.height, sprite.width, std::vector<float>(count * pixels, -0.001f)};
  for (std::size_t i = 0; i < pixels; ++i) colours.values.values[own[i] * pixels + i] = 0.95f;
  return colours;
}

}  // namespace

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
  for (const char* label : {"4×4, 1", "4×4, 2"})
    result.attention.push_back({label, kSide, kSide, std::vector<float>(kSide * kSide * kSide * kSide, 1.0f / (kSide * kSide))});
  result.colours = fake_colours(request.sprite);
  result.visited = {999, 500, 1};
  result.classes = {{"potion", -1, 0.5}, {"sword", 1, -0.5}};
  result.explained = 0.4;
  return result;
}

}  // namespace kiln
