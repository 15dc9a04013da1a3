// Things that hold something: potions and chests.
#include "engine/pixelart/starter/classes.h"

namespace kiln::starter {
namespace {

struct Flask {
  Shape body;
  float top = 0, bottom = 0;  // of the body
  float neck = 1;             // half its width
};

Flask round_flask(Random& random) {
  const float r = random.between(3.9f, 5.2f), cy = 14.4f - r;
  return {ellipse({8, cy}, r * random.between(0.95f, 1.1f), r), cy - r, 14.4f, random.between(1.1f, 1.7f)};
}

Flask conical_flask(Random& random) {
  const float half = random.between(4.2f, 5.6f), top = random.between(5.2f, 6.6f), neck = random.between(1.1f, 1.6f);
  return {
      polygon(
          {{8 - neck, top}, {8 + neck, top}, {8 + half, 13.2f}, {8 + half - 1, 14.5f}, {8 - half + 1, 14.5f}, {8 - half, 13.2f}}),
      top, 14.5f, neck};
}

Flask bottle(Random& random) {
  const float half = random.between(2.6f, 4.4f), top = random.between(5.4f, 8.0f);
  return {box({8, (top + 14.5f) / 2}, half, (14.5f - top) / 2, random.between(0.8f, 2.2f)), top, 14.5f, random.between(1.0f, 1.7f)};
}

Flask heart_flask(Random& random) {
  const float r = random.between(2.5f, 2.9f), cy = 7.9f;
  Shape lobes = joined(ellipse({8 - r * 0.85f, cy}, r, r), ellipse({8 + r * 0.85f, cy}, r, r));
  return {joined(std::move(lobes), polygon({{8 - r * 1.75f, cy + 0.9f}, {8 + r * 1.75f, cy + 0.9f}, {8, 14.5f}})), cy - r, 14.5f,
          1.3f};
}

}  // namespace

void draw_potion(Canvas& canvas, Random& random) {
  const Ramp glass = make_ramp({random.between(205, 235), random.between(0.02f, 0.05f), random.between(0.80f, 0.86f)});
  const Ramp liquid = bright(random);
  const int kind = random.whole(0, 9);
  const Flask flask = kind < 4   ? round_flask(random)
                      : kind < 7 ? conical_flask(random)
                      : kind < 9 ? bottle(random)
                                 : heart_flask(random);
  const float mouth = random.between(2.6f, 3.6f), level = flask.top + (flask.bottom - flask.top) * random.between(0.12f, 0.5f);

  canvas.paint(box({8, (mouth + flask.top + 1.5f) / 2}, flask.neck, (flask.top + 1.5f - mouth) / 2), glass, {.bevel = 1.5f});
  canvas.paint(flask.body, glass, {.bevel = 1.2f, .bias = 0.1f});
  const Shape inner = grown(flask.body, -0.9f);
  canvas.paint(common(inner, below(level)), liquid, {.bevel = 3.4f});
  canvas.paint(common(inner, common(below(level), above(level + 0.9f))), liquid, {.tone = kLight});
  canvas.paint(box({8, mouth}, flask.neck + 0.7f, 0.6f), glass, {.bevel = 0.8f, .bias = 0.15f});
  const Ramp cork = wood(random);
  canvas.paint(box({8, mouth - 1.2f}, flask.neck - 0.1f, random.between(0.7f, 1.3f)), cork, {.bevel = 1.2f, .bias = 0.1f});

  const float height = flask.bottom - flask.top;
  const Point shine{8 - random.between(1.6f, 2.4f), flask.top + height * 0.42f};
  canvas.paint(capsule(shine, shine + Point{-0.3f, height * 0.14f}, 0.5f, 0.5f), glass, {.tone = kShine});
  for (int bubbles = random.whole(0, 3); bubbles > 0; --bubbles) {
    const Point at{8 + random.between(-2, 2.4f), random.between(level + 1.5f, 13.2f)};
    canvas.dot(at, liquid, kShine);
  }
  if (random.chance(0.25f)) {
    canvas.paint(common(flask.body, box({8, flask.top + height * 0.68f}, 2.1f, 1.5f)), bone(random), {.bevel = 0.8f});
    canvas.paint(box({8, flask.top + height * 0.68f}, 1, 0.5f), liquid, {.tone = kShadow});
  }
}

void draw_chest(Canvas& canvas, Random& random) {
  const Ramp planks = random.chance(0.75f) ? wood(random) : bright(random);
  const Ramp metal = any_metal(random);
  const float half = random.between(5.4f, 6.5f), lid = random.between(7.0f, 8.6f), top = lid - random.between(3.2f, 4.6f),
              bottom = 14.4f;
  const bool open = random.chance(0.3f);
  const float rounding = random.between(0.8f, 2.8f);
  if (open) {
    const Shape raised = box({8, lid - 2.6f}, half - 0.3f, 2.7f, rounding);
    canvas.paint(raised, planks, {.bevel = 1.4f, .bias = -0.2f});
    canvas.paint(grown(raised, -1.2f), ink(), {.tone = kShadow});
    const Ramp treasure = random.chance(0.7f) ? gold(random) : bright(random);
    for (int heap = 0; heap < 5; ++heap) {
      const Point at{8 + (static_cast<float>(heap) - 2) * half * 0.36f, lid - random.between(0.1f, 1.3f)};
      canvas.paint(ellipse(at, 1.5f, 1.3f), treasure, {.bevel = 1.4f, .bias = 0.2f});
    }
  } else {
    canvas.paint(joined(box({8, (top + lid) / 2}, half, (lid - top) / 2, rounding), box({8, lid - 0.8f}, half, 0.8f)), planks,
                 {.bevel = 2.2f, .bias = 0.14f});
  }
  canvas.paint(box({8, (lid + bottom) / 2 + 0.3f}, half, (bottom - lid) / 2 - 0.3f, 0.4f), planks,
               {.bevel = 1.6f, .contour = true});
  float gap = lid + random.between(2.2f, 2.8f);
  while (gap < bottom - 1) {
    canvas.paint(box({8, gap}, half - 0.8f, 0.3f), planks, {.tone = kShadow});
    gap += 2.4f;
  }
  const float band = random.between(0.7f, 0.8f) * half;
  const float band_top = open ? lid + 0.3f : top;
  for (const float x : {8 - band, 8 + band})
    canvas.paint(box({x, (band_top + bottom) / 2}, 0.7f, (bottom - band_top) / 2), metal, {.bevel = 1.0f});
  if (!open) canvas.paint(box({8, lid}, half, 0.5f), metal, {.tone = kBase});
  const float lock = random.between(1.0f, 1.6f);
  canvas.paint(box({8, lid + 1.1f}, lock, 1.5f, 0.4f), metal, {.bevel = 1.0f, .bias = 0.15f, .contour = true});
  canvas.paint(box({8, lid + 1.3f}, 0.5f, 0.6f), ink(), {.tone = kShadow});
}

}  // namespace kiln::starter
