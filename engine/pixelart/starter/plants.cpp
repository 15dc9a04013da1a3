// Trees and mushrooms.
#include <cmath>
#include <numbers>

#include "engine/pixelart/starter/classes.h"

namespace kiln::starter {
namespace {

void draw_trunk(Canvas& canvas, Random& random, float x, float top, float half) {
  const Ramp bark = wood(random);
  canvas.paint(polygon({{x - half * 0.8f, top},
                        {x + half * 0.8f, top},
                        {x + half, 13.2f},
                        {x + half + 0.9f, 14.5f},
                        {x - half - 0.9f, 14.5f},
                        {x - half, 13.2f}}),
               bark, {.bevel = 1.8f, .grain = 0.12f});
}

void draw_conifer(Canvas& canvas, Random& random) {
  const Ramp needles = random.chance(0.85f)
                           ? make_ramp({random.between(145, 172), random.between(0.07f, 0.11f), random.between(0.42f, 0.55f)})
                           : foliage(random);
  const bool snowy = random.chance(0.2f);
  const Ramp snow = make_ramp({245, 0.012f, 0.9f});
  draw_trunk(canvas, random, 8, 11, random.between(0.9f, 1.3f));
  const int tiers = random.whole(2, 4);
  const float top = random.between(1.4f, 2.6f), base = random.between(12.0f, 13.2f), widest = random.between(4.4f, 6.3f);
  for (int i = tiers - 1; i >= 0; --i) {
    const float share = static_cast<float>(i + 1) / static_cast<float>(tiers), low = top + (base - top) * share;
    const float half = widest * (0.42f + 0.58f * share), high = low - (base - top) / static_cast<float>(tiers) - 1.8f;
    const Shape tier = polygon(
        {{8, std::max(high, top)}, {8 + half, low - 0.4f}, {8 + half * 0.5f, low}, {8 - half * 0.5f, low}, {8 - half, low - 0.4f}});
    canvas.paint(tier, needles, {.bevel = 2.6f, .bias = 0.02f, .grain = 0.16f, .contour = i < tiers - 1});
    if (snowy) canvas.paint(common(tier, above(std::max(high, top) + 1.6f)), snow, {.bevel = 2});
  }
}

void draw_leafy_tree(Canvas& canvas, Random& random) {
  const Ramp leaves = foliage(random);
  const float half = random.between(3.4f, 4.6f), crown_y = random.between(5.4f, 6.6f);
  const float trunk_x = 8 + random.between(-0.5f, 0.5f);
  draw_trunk(canvas, random, trunk_x, 8.5f, random.between(0.9f, 1.5f));
  Shape crown = ellipse({8, crown_y}, half, random.between(3.2f, 4.2f));
  for (int blobs = random.whole(3, 5), i = 0; i < blobs; ++i) {
    const float angle =
        2 * std::numbers::pi_v<float> * (static_cast<float>(i) + random.between(0, 0.6f)) / static_cast<float>(blobs);
    const float r = random.between(1.9f, 2.7f);
    crown = joined(crown, ellipse({8 + (half - 0.6f) * std::cos(angle), crown_y + 2.1f * std::sin(angle)}, r, r));
  }
  canvas.paint(crown, leaves, {.bevel = random.between(4.0f, 5.2f), .bias = 0.04f, .grain = random.between(0.14f, 0.24f)});
  const bool fruit = random.chance(0.35f);
  const Ramp ripe = bright(random);
  for (int i = 0; fruit && i < 5; ++i) {
    const Point at{8 + random.between(-half, half), crown_y + random.between(-2.4f, 2.8f)};
    if (crown(at) < -1) canvas.paint(ellipse(at, 0.75f, 0.75f), ripe, {.bevel = 1, .bias = 0.1f});
  }
}

void draw_bare_tree(Canvas& canvas, Random& random) {
  const Ramp bark = random.chance(0.7f) ? wood(random) : make_ramp({280, 0.015f, 0.5f});
  const float fork = random.between(7.0f, 9.0f);
  Shape tree = capsule({8, 14.6f}, {8, fork}, 1.7f, 1.1f);
  for (const float side : {-1.0f, 1.0f}) {
    const Point elbow{8 + side * random.between(2.0f, 3.2f), fork - random.between(1.6f, 3.0f)};
    tree = joined(tree, capsule({8, fork + 0.6f}, elbow, 0.9f, 0.7f));
    tree = joined(tree, capsule(elbow, {elbow.x + side * random.between(0.6f, 2.4f), random.between(1.6f, 3.4f)}, 0.65f, 0.4f));
    tree = joined(tree, capsule(elbow, {elbow.x - side * random.between(0.4f, 1.4f), random.between(1.8f, 3.6f)}, 0.6f, 0.4f));
  }
  canvas.paint(tree, bark, {.bevel = 1.5f, .grain = 0.12f});
  if (random.chance(0.5f)) canvas.paint(ellipse({8, random.between(10.0f, 11.6f)}, 0.6f, 0.9f), ink(), {.tone = kShadow});
}

void draw_one_mushroom(Canvas& canvas, Random& random, Point foot, float scale, const Ramp& cap, bool behind) {
  const Ramp flesh = bone(random);
  const float stem = random.between(1.1f, 1.9f) * scale, high = random.between(4.4f, 6.2f) * scale;
  const float half = random.between(4.4f, 5.8f) * scale, dome = random.between(3.4f, 5.6f) * scale, rim = foot.y - high;
  canvas.paint(capsule(foot + Point{0, -stem}, {foot.x, rim}, stem * random.between(1.0f, 1.3f), stem * 0.85f), flesh,
               {.bevel = stem * 1.3f, .contour = behind});
  const Shape hood = common(ellipse({foot.x, rim}, half, dome), above(rim + 0.3f));
  canvas.paint(common(ellipse({foot.x, rim + 0.2f}, half * 0.82f, 1.1f * scale), below(rim)), flesh, {.tone = kShadow});
  canvas.paint(hood, cap, {.bevel = dome * 0.95f, .bias = 0.04f, .contour = true});
  const int spots = random.whole(0, 5);
  for (int i = 0; i < spots; ++i) {
    const Point at{foot.x + half * random.between(-0.75f, 0.75f), rim - dome * random.between(0.15f, 0.85f)};
    const float r = random.between(0.6f, 1.1f) * scale;
    canvas.paint(common(grown(hood, -0.4f), ellipse(at, r * 1.15f, r)), flesh, {.bevel = 1.2f, .bias = 0.15f});
  }
}

}  // namespace

void draw_tree(Canvas& canvas, Random& random) {
  const int kind = random.whole(0, 9);
  if (kind < 5) return draw_leafy_tree(canvas, random);
  if (kind < 9) return draw_conifer(canvas, random);
  draw_bare_tree(canvas, random);
}

void draw_mushroom(Canvas& canvas, Random& random) {
  const Ramp cap = random.chance(0.3f) ? wood(random) : bright(random);
  if (random.chance(0.3f)) {
    const float side = random.chance(0.5f) ? 1.0f : -1.0f;
    draw_one_mushroom(canvas, random, {8 - side * 2.2f, 14.5f}, random.between(0.78f, 0.88f), cap, false);
    draw_one_mushroom(canvas, random, {8 + side * 3.6f, 14.5f}, random.between(0.5f, 0.6f), cap, true);
  } else {
    draw_one_mushroom(canvas, random, {8, 14.5f}, random.between(0.95f, 1.1f), cap, false);
  }
}

}  // namespace kiln::starter
