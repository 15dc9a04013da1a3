#include "app/state/frame_player.h"

#include <algorithm>

namespace kiln {
namespace {

constexpr int kFaint = 35;  // percent of its alpha

}  // namespace

double advance(FramePlayer& player, double now_s, const std::vector<std::size_t>& order, const std::vector<int>& durations_ms) {
  const auto duration_s = [&](std::size_t at) { return std::max(1, durations_ms[order[at]]) / 1000.0; };
  if (player.at >= order.size()) player.at = 0;
  double round_s = 0;
  for (std::size_t at = 0; at < order.size(); ++at) round_s += duration_s(at);
  if (player.since_s < 0 || now_s - player.since_s > round_s) player.since_s = now_s;
  while (now_s >= player.since_s + duration_s(player.at)) {
    player.since_s += duration_s(player.at);
    player.at = (player.at + 1) % order.size();
  }
  return player.since_s + duration_s(player.at);
}

Image onion_skin(const Image& frame, const Image& before) {
  Image shown = frame;
  for (std::size_t i = 0; i < shown.rgba.size() && i < before.rgba.size(); i += 4) {
    if (shown.rgba[i + 3] > 0) continue;
    std::copy_n(&before.rgba[i], 3, &shown.rgba[i]);
    shown.rgba[i + 3] = static_cast<std::uint8_t>(before.rgba[i + 3] * kFaint / 100);
  }
  return shown;
}

}  // namespace kiln
