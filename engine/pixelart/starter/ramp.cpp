#include "engine/pixelart/starter/ramp.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/pixelart/oklab.h"

namespace kiln::starter {
namespace {

constexpr float kViolet = 290, kYellow = 95;

// `hue` moved by `degrees` on the shorter way towards `target`, not past it.
float leaning(float hue, float target, float degrees) {
  const float way = std::remainder(target - hue, 360.0f);
  return hue + std::clamp(way, -degrees, degrees);
}

Rgb8 colour(float hue, float chroma, float lightness) {
  const float angle = hue * std::numbers::pi_v<float> / 180;
  return to_rgb8({std::clamp(lightness, 0.0f, 0.985f), chroma * std::cos(angle), chroma * std::sin(angle)});
}

}  // namespace

Ramp make_ramp(const Mix& mix) {
  const auto& [hue, chroma, l] = mix;
  return {colour(leaning(hue, kViolet, 34), 0.6f * chroma + 0.015f, 0.12f + 0.22f * l),
          colour(leaning(hue, kViolet, 18), chroma, l - 0.07f - 0.14f * l), colour(hue, chroma, l),
          colour(leaning(hue, kYellow, 10), 0.92f * chroma, l + 0.45f * (0.98f - l)),
          colour(leaning(hue, kYellow, 18), 0.4f * chroma, l + 0.82f * (0.985f - l))};
}

Ramp steel(Random& random) {
  return make_ramp({random.between(225, 275), random.between(0.012f, 0.04f), random.between(0.62f, 0.74f)});
}
Ramp gold(Random& random) {
  return make_ramp({random.between(76, 92), random.between(0.12f, 0.15f), random.between(0.70f, 0.78f)});
}
Ramp wood(Random& random) {
  return make_ramp({random.between(48, 68), random.between(0.06f, 0.095f), random.between(0.42f, 0.54f)});
}
Ramp bone(Random& random) {
  return make_ramp({random.between(75, 105), random.between(0.02f, 0.05f), random.between(0.80f, 0.87f)});
}

Ramp foliage(Random& random) {
  const int season = random.whole(0, 9);
  if (season == 8) return make_ramp({random.between(38, 65), 0.15f, random.between(0.58f, 0.68f)});    // autumn
  if (season == 9) return make_ramp({random.between(345, 360), 0.11f, random.between(0.70f, 0.78f)});  // blossom
  return make_ramp({random.between(125, 155), random.between(0.10f, 0.14f), random.between(0.48f, 0.60f)});
}

Ramp any_metal(Random& random) {
  switch (random.whole(0, 4)) {
    case 0:
    case 1:
      return gold(random);
    case 2:
    case 3:
      return steel(random);
    default:
      return make_ramp({random.between(42, 58), random.between(0.10f, 0.12f), random.between(0.58f, 0.66f)});  // copper
  }
}

Ramp bright(Random& random) {
  const float hue = random.between(0, 360);
  const bool yellowish = hue > 75 && hue < 125;  // yellow is only yellow when it is light
  return make_ramp({hue, random.between(0.13f, 0.19f), random.between(0.52f, 0.64f) + (yellowish ? 0.14f : 0)});
}

Ramp ink() { return make_ramp({290, 0.03f, 0.22f}); }

}  // namespace kiln::starter
