// Gems, coins and keys.
#include <cmath>
#include <numbers>

#include "engine/pixelart/starter/classes.h"

namespace kiln::starter {
namespace {

// The tone of a facet that faces into this direction.
int facet_tone(Point direction) {
  const float size = std::sqrt(direction.x * direction.x + direction.y * direction.y);
  const float light = (-0.62f * direction.x - 0.78f * direction.y) / std::max(size, 1e-6f);
  return light > 0.75f ? kShine : light > 0.2f ? kLight : light > -0.5f ? kBase : kShadow;
}

// Facets between an outline and its smaller copy around `table`, and the flat table itself.
void draw_facets(Canvas& canvas, const std::vector<Point>& outline, Point table, float share, const Ramp& ramp, int table_tone) {
  std::vector<Point> inner;
  inner.reserve(outline.size());
  for (const Point corner : outline) inner.push_back(table + share * (corner - table));
  for (std::size_t i = 0; i < outline.size(); ++i) {
    const std::size_t j = (i + 1) % outline.size();
    const Point middle = 0.5f * (outline[i] + outline[j]);
    canvas.paint(grown(polygon({outline[i], outline[j], inner[j], inner[i]}), 0.05f), ramp, {.tone = facet_tone(middle - table)});
  }
  canvas.paint(polygon(inner), ramp, {.tone = table_tone});
}

std::vector<Point> round_outline(int corners, Point centre, float rx, float ry, float turn) {
  std::vector<Point> outline;
  for (int i = 0; i < corners; ++i) {
    const float angle = 2 * std::numbers::pi_v<float> * (static_cast<float>(i) + turn) / static_cast<float>(corners);
    outline.push_back(centre + Point{rx * std::cos(angle), ry * std::sin(angle)});
  }
  return outline;
}

// A diamond seen from the side: crown above, pavilion below.
void draw_brilliant(Canvas& canvas, Random& random, const Ramp& ramp) {
  const float half = random.between(5.0f, 6.3f), table = half * random.between(0.5f, 0.68f), top = random.between(2.2f, 4.0f);
  const float girdle = top + random.between(2.4f, 3.4f), bottom = random.between(13.0f, 14.6f),
              split = half * random.between(0.3f, 0.45f);
  const Point tip{8, bottom};
  canvas.paint(polygon({{8 - half, girdle}, {8 - split, girdle}, tip}), ramp, {.tone = kLight});
  canvas.paint(polygon({{8 + half, girdle}, {8 + split, girdle}, tip}), ramp, {.tone = kShadow});
  canvas.paint(grown(polygon({{8 - split, girdle}, {8 + split, girdle}, tip}), 0.1f), ramp, {.tone = kBase});
  canvas.paint(polygon({{8 - half, girdle}, {8 - table, top}, {8 - split, girdle}}), ramp, {.tone = kShine});
  canvas.paint(polygon({{8 + half, girdle}, {8 + table, top}, {8 + split, girdle}}), ramp, {.tone = kBase});
  canvas.paint(grown(polygon({{8 - table, top}, {8 + table, top}, {8 + split, girdle}, {8 - split, girdle}}), 0.1f), ramp,
               {.tone = kLight});
}

// A cluster of upright crystals.
void draw_crystals(Canvas& canvas, Random& random, const Ramp& ramp) {
  const int count = random.whole(2, 3);
  for (int i = 0; i < count; ++i) {
    const bool front = i == count - 1;
    const float x = front ? 8 + random.between(-1, 1) : i == 0 ? random.between(4.0f, 5.2f) : random.between(10.8f, 12.0f);
    const float half = random.between(1.5f, 2.3f) + (front ? 0.6f : 0),
                top = front ? random.between(1.6f, 3.4f) : random.between(5.0f, 7.4f);
    const float lean = front ? 0 : (x - 8) * 0.22f, shoulder = top + random.between(2.0f, 3.0f);
    const Point tip{x + lean, top}, foot{x - lean, 14.5f};
    const Shape left = polygon({tip, {x + lean - half, shoulder}, {x - lean - half * 0.8f, 13.6f}, foot});
    const Shape right = polygon({tip, {x + lean + half, shoulder}, {x - lean + half * 0.8f, 13.6f}, foot});
    canvas.paint(joined(left, right), ramp, {.tone = kBase, .contour = true});
    canvas.paint(left, ramp, {.tone = kLight});
    canvas.paint(common(left, above(shoulder)), ramp, {.tone = kShine});
    canvas.paint(common(right, below(shoulder + random.between(2, 5))), ramp, {.tone = kShadow});
  }
}

// Coins lying on each other: lit tops, ridged sides.
void draw_coin_stack(Canvas& canvas, Random& random, const Ramp& metal) {
  const int count = random.whole(3, 5);
  const float half = random.between(4.4f, 5.8f), flat = half * random.between(0.34f, 0.42f), thick = random.between(1.7f, 2.1f);
  for (int i = 0; i < count; ++i) {
    const Point at{8 + random.between(-0.8f, 0.8f), 14.4f - flat - thick * static_cast<float>(i + 1)};
    const Shape side = joined(ellipse(at + Point{0, thick}, half, flat), box(at + Point{0, thick / 2}, half, thick / 2));
    canvas.paint(side, metal, {.tone = kBase, .contour = true});
    canvas.paint(common(side, box(at + Point{half * 0.6f, 2}, half * 0.4f, 4)), metal, {.tone = kShadow});
    canvas.paint(common(side, box(at + Point{-half * 0.55f, 2}, 0.5f, 4)), metal, {.tone = kShine});
    canvas.paint(ellipse(at, half, flat), metal, {.tone = kLight});
    if (i + 1 < count) continue;
    canvas.paint(ellipse(at, half - 1, flat - 0.8f), metal, {.tone = kBase});
    canvas.paint(capsule(at + Point{-half * 0.45f, -0.2f}, at + Point{-half * 0.1f, -0.5f}, 0.4f, 0.4f), metal, {.tone = kShine});
  }
}

Shape key_bow(Random& random, Point centre, float r) {
  const float hole = r - random.between(1.1f, 1.5f);
  switch (random.whole(0, 3)) {
    case 0:
      return ring(centre, r, r, r - hole);
    case 1:
      return without(polygon(round_outline(4, centre, r * 1.25f, r * 1.25f, 0)),
                     polygon(round_outline(4, centre, hole * 1.05f, hole * 1.05f, 0)));
    case 2: {
      Shape leaves = ellipse(centre + Point{0, -r * 0.62f}, r * 0.62f, r * 0.62f);
      for (const float side : {-1.0f, 1.0f})
        leaves = joined(leaves, ellipse(centre + Point{side * r * 0.66f, r * 0.34f}, r * 0.62f, r * 0.62f));
      return without(leaves, ellipse(centre, 0.8f, 0.8f));
    }
    default:
      return without(box(centre, r, r * 0.9f, random.between(0.2f, 1.2f)), box(centre, hole, hole * 0.85f));
  }
}

}  // namespace

void draw_gem(Canvas& canvas, Random& random) {
  const Ramp ramp = bright(random);
  const Point centre{8, 8.2f};
  const int kind = random.whole(0, 6);
  if (kind <= 1) return draw_brilliant(canvas, random, ramp);
  if (kind == 2) return draw_crystals(canvas, random, ramp);
  const float rx = random.between(4.4f, 6.2f), ry = random.between(4.8f, 6.3f), share = random.between(0.42f, 0.62f);
  std::vector<Point> outline;
  if (kind == 3) {  // emerald cut
    const float cut = random.between(1.4f, 2.4f), half = rx * 0.9f;
    outline = {{8 - half + cut, 8.2f - ry}, {8 + half - cut, 8.2f - ry}, {8 + half, 8.2f - ry + cut}, {8 + half, 8.2f + ry - cut},
               {8 + half - cut, 8.2f + ry}, {8 - half + cut, 8.2f + ry}, {8 - half, 8.2f + ry - cut}, {8 - half, 8.2f - ry + cut}};
  } else if (kind == 4) {  // drop
    outline = {{8, 1.6f},  {8 + rx * 0.6f, 6},     {8 + rx * 0.85f, 10}, {8 + rx * 0.5f, 13.6f},
               {8, 14.5f}, {8 - rx * 0.5f, 13.6f}, {8 - rx * 0.85f, 10}, {8 - rx * 0.6f, 6}};
  } else {
    const int corners = random.whole(5, 8);
    outline = round_outline(corners, centre, rx, ry, random.chance(0.5f) ? 0.5f : 0.25f);
  }
  draw_facets(canvas, outline, centre, share, ramp, random.chance(0.5f) ? kBase : kLight);
  const Point shine = centre + Point{-rx * share * 0.5f, -ry * share * 0.5f};
  canvas.paint(capsule(shine, shine + Point{0.9f, -0.5f}, 0.4f, 0.3f), ramp, {.tone = kShine});
}

void draw_coin(Canvas& canvas, Random& random) {
  const Ramp metal = any_metal(random);
  const float ry = random.between(4.6f, 6.2f), rx = random.chance(0.3f) ? ry * random.between(0.4f, 0.75f) : ry;
  if (random.chance(0.25f)) return draw_coin_stack(canvas, random, metal);
  const Point at{8, random.between(7.6f, 8.4f)};
  canvas.paint(ellipse(at + Point{rx < ry * 0.9f ? 0.9f : 0, 0}, rx, ry), metal, {.tone = kShadow});
  canvas.paint(ellipse(at, rx, ry), metal, {.bevel = 1.3f, .bias = 0.2f});
  const float rim = random.between(1.2f, 1.7f);
  canvas.paint(ellipse(at, rx - rim, ry - rim), metal, {.tone = kShadow});
  canvas.paint(ellipse(at + Point{0.35f, 0.4f}, rx - rim - 0.2f, ry - rim - 0.2f), metal, {.tone = kBase});
  const float narrow = rx / ry;
  switch (random.whole(0, 4)) {
    case 0:
      canvas.paint(box(at, 0.9f * narrow, ry * 0.42f), metal, {.tone = kShine});
      canvas.paint(box(at + Point{0.9f * narrow, 0.3f}, 0.4f, ry * 0.42f), metal, {.tone = kShadow});
      break;
    case 1:
      canvas.paint(polygon(round_outline(4, at, ry * 0.48f * narrow, ry * 0.48f, 0)), metal, {.tone = kShine});
      break;
    case 2: {
      std::vector<Point> star;
      for (int i = 0; i < 10; ++i) {
        const float angle = std::numbers::pi_v<float> * (static_cast<float>(i) / 5 - 0.5f), r = ry * (i % 2 == 0 ? 0.58f : 0.26f);
        star.push_back(at + Point{r * narrow * std::cos(angle), r * std::sin(angle)});
      }
      canvas.paint(polygon(star), metal, {.tone = kShine});
      break;
    }
    case 3:
      canvas.paint(box(at, ry * 0.34f * narrow, ry * 0.34f), ink(), {.tone = kShadow});  // pierced
      canvas.erase(box(at, ry * 0.2f * narrow, ry * 0.2f));
      break;
    default:
      canvas.paint(joined(box(at, 0.7f * narrow, ry * 0.5f), box(at + Point{0, -ry * 0.1f}, ry * 0.4f * narrow, 0.6f)), metal,
                   {.tone = kShine});
  }
  canvas.dot(at + Point{-rx * 0.62f, -ry * 0.62f}, metal, kShine);
}

void draw_key(Canvas& canvas, Random& random) {
  const Ramp metal = any_metal(random);
  const float r = random.between(2.5f, 3.4f);
  const Point bow{8 + random.between(-1.5f, 1.5f), 1.6f + r * 1.05f};
  const float end = random.between(13.0f, 14.5f), half = random.between(0.6f, 1.0f);
  const float side = random.chance(0.5f) ? 1.0f : -1.0f;
  canvas.paint(box({bow.x, (bow.y + r + end) / 2}, half, (end - bow.y - r) / 2 + 0.6f), metal, {.bevel = 1.0f, .bias = 0.1f});
  float y = end - 0.7f;
  for (int teeth = random.whole(1, 3); teeth > 0; --teeth) {
    const float reach = random.between(1.4f, 2.9f);
    canvas.paint(box({bow.x + side * (half + reach / 2), y}, reach / 2 + 0.2f, 0.6f), metal,
                 {.bevel = 0.9f, .bias = side < 0 ? 0.15f : 0.05f});
    y -= random.between(1.7f, 2.3f);
  }
  canvas.paint(box({bow.x, bow.y + r + 0.6f}, half + 0.7f, 0.5f), metal, {.bevel = 0.8f, .bias = 0.1f});
  canvas.paint(key_bow(random, bow, r), metal, {.bevel = 1.1f, .bias = 0.18f});
  if (random.chance(0.3f)) canvas.paint(ellipse(bow, 0.9f, 0.9f), bright(random), {.bevel = 0.9f, .bias = 0.2f});
}

}  // namespace kiln::starter
