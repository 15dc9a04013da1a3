// Animations: a bouncing slime, a flame, a walking figure. All that varies between two of a class is drawn from `random` in the
// same order for every frame, so that the frames show one and the same.
#include <array>
#include <cmath>
#include <numbers>

#include "engine/pixelart/starter/classes.h"

namespace kiln::starter {

void draw_bouncing_slime(Canvas& canvas, Random& random, int frame) {
  struct Pose {
    float width, height, lift;
  };
  constexpr std::array<Pose, kBounceFrames> kPoses = {{{1, 1, 0}, {1.2f, 0.66f, 0}, {0.84f, 1.2f, 2.2f}, {1, 0.94f, 4.6f}}};
  const Pose& pose = kPoses[static_cast<std::size_t>(frame)];
  const Ramp jelly = bright(random), dark = ink();
  const float half = random.between(4.0f, 5.2f) * pose.width, height = random.between(5.6f, 7.4f) * pose.height;
  const float cx = 8 + random.between(-0.4f, 0.4f), bottom = 14.4f - pose.lift, bevel = random.between(3.4f, 4.8f);
  const float apart = random.between(1.4f, 2.0f), eye = random.between(0.6f, 0.85f), high = random.between(0.48f, 0.6f);
  const bool mouth = random.chance(0.5f), glints = random.chance(0.5f);
  if (pose.lift > 0) canvas.paint(box({cx, 14.4f}, half * 0.55f, 0.3f), dark, {.tone = kShadow});
  Shape body = common(ellipse({cx, bottom - height * 0.38f}, half, height * 0.62f), above(bottom));
  body = joined(body, box({cx, bottom - 1.0f}, half * 0.96f, 1.0f, 0.9f));
  canvas.paint(body, jelly, {.bevel = bevel});
  const float top = bottom - height;
  canvas.paint(capsule({cx - half * 0.5f, top + height * 0.3f}, {cx - half * 0.5f + 1.1f, top + height * 0.3f - 0.8f}, 0.6f, 0.5f),
               jelly, {.tone = kShine});
  const Point face{cx + 0.4f, top + height * high};
  for (const float side : {-1.0f, 1.0f}) {
    const Point at = face + Point{side * apart, 0};
    canvas.paint(ellipse(at, eye, eye * (pose.height < 0.8f ? 0.6f : 1.3f)), dark, {.tone = kShadow});
    if (glints) canvas.dot(at + Point{-0.3f, -0.6f}, make_ramp({250, 0.01f, 0.93f}), kShine);
  }
  if (mouth) canvas.paint(box(face + Point{0, 2.0f * pose.height}, 0.9f, 0.3f), jelly, {.tone = kOutline});
}

void draw_flame(Canvas& canvas, Random& random, int frame) {
  struct Pose {
    float lean, top;
    Point spark;
  };
  constexpr std::array<Pose, kFlickerFrames> kPoses = {
      {{-2.4f, 3.6f, {11, 4}}, {-0.4f, 1.4f, {5, 3}}, {2.4f, 3.6f, {5, 5}}, {0.6f, 5.6f, {10, 2.4f}}}};
  const Pose& pose = kPoses[static_cast<std::size_t>(frame)];
  const bool blue = random.chance(0.2f), torch = random.chance(0.4f);
  const float hue = blue ? random.between(220, 260) : random.between(30, 52), chroma = random.between(0.14f, 0.19f);
  const Ramp outer = make_ramp({hue, chroma, 0.66f}), inner = make_ramp({hue + (blue ? -30 : 42), chroma * 0.8f, 0.84f});
  const float wide = random.between(3.0f, 4.0f), low = 11.2f, reach = random.between(0.8f, 1.15f);
  const Ramp fuel = wood(random);
  const float top = low - (low - pose.top) * reach;
  if (torch) {
    canvas.paint(capsule({8, 11}, {8, 15}, 1.2f, 0.9f), fuel, {.bevel = 1.4f});
  } else {
    canvas.paint(capsule({4.4f, 14.2f}, {11.6f, 13.2f}, 0.9f, 0.9f), fuel, {.bevel = 1.2f});
    canvas.paint(capsule({4.4f, 13.2f}, {11.6f, 14.2f}, 0.9f, 0.9f), fuel, {.bevel = 1.2f});
  }
  const auto tongue = [&](float size, float tip) {
    return joined(
        ellipse({8, low}, wide * size, 2.6f * size),
        polygon({{8 - wide * size * 0.92f, low - 0.8f}, {8 + pose.lean * size, tip}, {8 + wide * size * 0.92f, low - 0.8f}}));
  };
  canvas.paint(tongue(1, top), outer, {.bevel = 2.6f});
  canvas.paint(tongue(0.55f, low - (low - top) * 0.6f), inner, {.tone = kBase});
  canvas.paint(ellipse({8, low + 0.4f}, wide * 0.3f, 1.0f), inner, {.tone = kShine});
  canvas.paint(ellipse(pose.spark, 0.5f, 0.5f), inner, {.tone = kLight});
}

void draw_walker(Canvas& canvas, Random& random, int frame) {
  const float phase = 2 * std::numbers::pi_v<float> * static_cast<float>(frame) / kWalkFrames;
  const Ramp tunic = bright(random), trousers = random.chance(0.5f) ? wood(random) : bright(random);
  const Ramp skin = make_ramp({random.between(45, 65), random.between(0.05f, 0.09f), random.between(0.6f, 0.82f)});
  const Ramp hair = random.chance(0.4f) ? gold(random) : wood(random), dark = ink();
  const float stride = random.between(2.3f, 3.1f), head = random.between(1.9f, 2.4f), waist = random.between(1.5f, 2.0f);
  const bool hat = random.chance(0.35f), bag = random.chance(0.3f);
  const float bob = 0.5f * std::abs(std::sin(phase)), hip = 10.4f - bob, shoulder = 7.2f - bob;
  struct Limb {
    float swing, lift;
  };
  const auto limb = [&](float angle) { return Limb{std::cos(angle), std::max(0.0f, std::sin(angle))}; };
  const Limb near = limb(phase), far = limb(phase + std::numbers::pi_v<float>);
  const auto leg = [&](const Limb& one, float bias) {
    const Point knee{8 + one.swing * stride * 0.5f + one.lift * 0.8f, (hip + 14) / 2 - one.lift * 0.5f};
    const Point foot{8 + one.swing * stride, 14.2f - one.lift * 1.7f};
    canvas.paint(joined(capsule({8, hip}, knee, 1.0f, 0.85f), capsule(knee, foot, 0.85f, 0.75f)), trousers,
                 {.bevel = 1.4f, .bias = bias});
    canvas.paint(box(foot + Point{0.5f, 0.2f}, 1.0f, 0.5f), dark, {.tone = bias < 0 ? kShadow : kBase});
  };
  const auto arm = [&](const Limb& one, float bias) {
    const Point hand{8 + one.swing * stride * 0.8f, hip - 0.4f - one.lift * 0.6f};
    canvas.paint(capsule({8, shoulder + 0.4f}, hand, 0.8f, 0.7f), tunic, {.bevel = 1.2f, .bias = bias});
    canvas.paint(ellipse(hand, 0.65f, 0.65f), skin, {.tone = bias < 0 ? kShadow : kLight});
  };
  arm(near, -0.6f);  // the far arm goes with the near leg
  leg(far, -0.7f);
  leg(near, 0.25f);
  canvas.paint(capsule({8, shoulder}, {8, hip}, waist, waist * 0.9f), tunic, {.bevel = 2.4f});
  if (bag) canvas.paint(box({5.6f, shoulder + 1.6f}, 0.9f, 1.4f, 0.5f), wood(random), {.bevel = 1});
  const Point face{8.3f, shoulder - head - 0.6f};
  canvas.paint(ellipse(face, head, head), skin, {.bevel = 2.6f});
  canvas.paint(common(ellipse(face + Point{-0.3f, -0.3f}, head + 0.2f, head), above(face.y - 0.2f)), hair, {.bevel = 2});
  if (hat) canvas.paint(box({face.x, face.y - head * 0.5f}, head + 1.0f, 0.5f), tunic, {.tone = kShadow});
  canvas.dot(face + Point{1.1f, 0.5f}, dark, kShadow);
  arm(far, 0.2f);
}

}  // namespace kiln::starter
