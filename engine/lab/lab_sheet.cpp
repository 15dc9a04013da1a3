#include "engine/lab/lab_sheet.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>

#include "engine/api/lab_pictures.h"
#include "engine/base/param_spec.h"
#include "engine/base/rect.h"
#include "engine/pixelart/canvas.h"

namespace kiln {
namespace {

constexpr Rgb8 kPaper{236, 236, 240}, kInk{40, 40, 48}, kQuiet{120, 120, 132}, kSpriteBack{208, 208, 216}, kCurve{72, 112, 176},
    kMark{214, 106, 48}, kSecondCurve{150, 88, 150};
constexpr int kMargin = 16, kGap = 12, kLine = 14, kPictureSide = 128, kColumns = 3, kPlotWidth = 360, kPlotHeight = 150,
              kMapHeight = 280, kStripSide = 64, kMostSteps = 10, kAttentionSide = 96, kColourSide = 48, kTitleLines = 3;
constexpr std::size_t kMostColours = 39;  // entries of a palette head that are drawn
constexpr int kPicturesWidth = kColumns * kPictureSide + (kColumns - 1) * kGap;
constexpr int kWidth = 3 * kMargin + kPicturesWidth + kPlotWidth;

// "dawnlike16, seed 12, potion 1 + sword 0.5, guidance 2, noise of seed 0".
std::string asked(const LabRequest& request) {
  std::string text = std::filesystem::path(request.model_path).stem().string() + ", " + request.sprite_name + ", ";
  if (request.condition.empty()) text += "no class";
  for (std::size_t i = 0; i < request.condition.size(); ++i) {
    char weight[32];
    std::snprintf(weight, sizeof weight, " %.2g", request.condition[i].weight);
    text += (i > 0 ? " + " : "") + request.condition[i].name + (request.condition.size() > 1 ? weight : "");
  }
  char guidance[32];
  std::snprintf(guidance, sizeof guidance, ", guidance %.3g", get_real(request.settings.shared_params, "guidance"));
  return text + guidance + ", noise of seed " + std::to_string(get_seed(request.settings.shared_params, "seed"));
}

// Whole enlargements only.
int scale_for(const Image& image, int side) { return std::max(1, side / std::max({image.width, image.height, 1})); }

void draw_picture(Canvas& canvas, const Image& image, const std::string& label, int x, int y, int side) {
  canvas.write(label, x, y, kInk);
  const int scale = scale_for(image, side);
  canvas.fill({x, y + kLine, image.width * scale, image.height * scale}, kSpriteBack);
  canvas.draw(image, x, y + kLine, scale);
}

// Returns where the next part begins.
int draw_pictures(Canvas& canvas, const LabResult& result, int y) {
  int rows = 0;
  for (std::size_t i = 0; i < result.pictures.size(); ++i) {
    const int column = static_cast<int>(i) % kColumns, row = static_cast<int>(i) / kColumns;
    draw_picture(canvas, result.pictures[i].shown, result.pictures[i].label, kMargin + column * (kPictureSide + kGap),
                 y + row * (kPictureSide + kLine + kGap), kPictureSide);
    rows = row + 1;
  }
  return y + rows * (kPictureSide + kLine + kGap);
}

void draw_schedule(Canvas& canvas, const LabResult& result, int x, int y) {
  canvas.write("alpha bar", x, y, kCurve);
  canvas.write("and log10 SNR from 4 to -4", x + 10 * Canvas::kGlyphAdvance, y, kSecondCurve);
  canvas.write("over t", x + 37 * Canvas::kGlyphAdvance, y, kInk);
  y += kLine;
  canvas.fill({x, y, kPlotWidth, kPlotHeight}, kSpriteBack);
  const auto column = [&](double t) { return x + static_cast<int>(t / std::max(1, result.timesteps - 1) * (kPlotWidth - 1)); };
  for (const int t : result.visited) canvas.fill({column(t), y + kPlotHeight - 8, 1, 8}, kQuiet);
  canvas.fill({column(result.timestep), y, 1, kPlotHeight}, kMark);
  for (std::size_t t = 0; t < result.alphas_bar.size(); ++t) {
    const double alpha_bar = result.alphas_bar[t];
    const auto point = [&](double height, const Rgb8& colour) {
      canvas.fill({column(static_cast<double>(t)), y + static_cast<int>((1 - height) * (kPlotHeight - 2)), 1, 2}, colour);
    };
    point(height_of_snr(alpha_bar), kSecondCurve);
    point(alpha_bar, kCurve);
  }
}

void draw_classes(Canvas& canvas, const LabResult& result, int x, int y) {
  char title[64];
  std::snprintf(title, sizeof title, "Classes: 2 components, %.0f%% of the variance", result.explained * 100);
  canvas.write(title, x, y, kInk);
  y += kLine;
  canvas.fill({x, y, kPlotWidth, kMapHeight}, kSpriteBack);
  std::vector<Rect> taken;  // by names; where one stands, no other does
  for (const PlacedClass& place : result.classes) {
    const int left = x + 30 + static_cast<int>((place.x + 1) / 2 * (kPlotWidth - 100));
    const int top = y + 12 + static_cast<int>((1 - place.y) / 2 * (kMapHeight - 24));
    canvas.fill({left - 1, top - 1, 3, 3}, kMark);
    const Rect room{left + 4, top - Canvas::kGlyphHeight / 2, static_cast<int>(place.name.size()) * Canvas::kGlyphAdvance,
                    Canvas::kGlyphHeight};
    if (std::any_of(taken.begin(), taken.end(), [&](const Rect& other) { return overlap(room, other); })) continue;
    taken.push_back(room);
    canvas.write(place.name, room.x, room.y, kInk);
  }
}

void draw_times(Canvas& canvas, const std::vector<PartTime>& times, int x, int y) {
  if (times.empty()) return;
  canvas.write("A guided step of " + std::to_string(kTimedSprites) + " sprites on one core", x, y, kInk);
  for (const PartTime& part : times) {
    char line[96];
    std::snprintf(line, sizeof line, "%8.2f MS  %s", part.ms, part.name.c_str());
    canvas.write(line, x, y += kLine, kInk);
  }
}

int draw_colours(Canvas& canvas, const ColourProbabilities& colours, int y) {
  if (colours.entries.empty()) return y;
  canvas.write("How likely each colour is in the predicted sprite", kMargin, y, kInk);
  y += kLine;
  const int a_row = (kWidth - 2 * kMargin + kGap) / (kColourSide + kGap);
  const std::vector<std::size_t> entries = colours.likeliest(kMostColours);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const int x = kMargin + static_cast<int>(i) % a_row * (kColourSide + kGap),
              top = y + static_cast<int>(i) / a_row * (kColourSide + kLine + kGap);
    const Rgba8& entry = colours.entries[entries[i]];
    if (entry.a == 0) {
      canvas.write("none", x, top, kInk);
    } else {
      canvas.fill({x, top, kColourSide, kLine - 4}, {entry.r, entry.g, entry.b});
    }
    const Image picture = probability_picture(colours.values, entries[i]);
    canvas.draw(picture, x, top + kLine, scale_for(picture, kColourSide));
  }
  const int rows = (static_cast<int>(entries.size()) + a_row - 1) / a_row;
  return y + rows * (kColourSide + kLine + kGap);
}

// The predicted sprite, darker where the layer does not look.
Image attention_picture(const AttentionMap& map, const Image& sprite) {
  const std::vector<float> received = attention_received(map);
  const float most = std::max(1e-12f, *std::max_element(received.begin(), received.end()));
  Image picture(sprite.width, sprite.height);
  for (int y = 0; y < sprite.height; ++y) {
    for (int x = 0; x < sprite.width; ++x) {
      const int place = y * map.height / sprite.height * map.width + x * map.width / sprite.width;
      const float part = received[static_cast<std::size_t>(place)] / most;
      const std::uint8_t* from = sprite.pixel(x, y);
      std::uint8_t* to = picture.pixel(x, y);
      const float alpha = static_cast<float>(from[3]) / 255;
      for (int c = 0; c < 3; ++c)
        to[c] = static_cast<std::uint8_t>(std::lround((static_cast<float>(from[c]) * alpha + 208 * (1 - alpha)) * part));
      to[3] = 255;
    }
  }
  return picture;
}

int draw_attention(Canvas& canvas, const LabResult& result, int y) {
  const auto sprite = std::find_if(result.pictures.begin(), result.pictures.end(),
                                   [](const LabPicture& picture) { return picture.id == "predicted_sprite"; });
  if (result.attention.empty() || sprite == result.pictures.end()) return y;
  canvas.write("What each attention layer looks at", kMargin, y, kInk);
  y += kLine;
  const int a_row = std::max(1, (kWidth - 2 * kMargin + kGap) / (kAttentionSide + kGap));
  for (std::size_t i = 0; i < result.attention.size(); ++i) {
    const int column = static_cast<int>(i) % a_row, row = static_cast<int>(i) / a_row;
    const AttentionMap& map = result.attention[i];
    const std::string label =
        "layer " + std::to_string(i + 1) + ", " + std::to_string(map.width) + "x" + std::to_string(map.height);
    draw_picture(canvas, attention_picture(map, sprite->shown), label, kMargin + column * (kAttentionSide + kGap),
                 y + row * (kAttentionSide + kLine + kGap), kAttentionSide);
  }
  const int rows = (static_cast<int>(result.attention.size()) + a_row - 1) / a_row;
  return y + rows * (kAttentionSide + kLine + kGap);
}

int draw_path(Canvas& canvas, const std::vector<LabStep>& path, int y) {
  if (path.empty()) return y;
  canvas.write("The run from there on: x_t above, the predicted sprite below", kMargin, y, kInk);
  y += kLine;
  const int steps = static_cast<int>(path.size()), shown = std::min(steps, kMostSteps);
  for (int i = 0; i < shown; ++i) {
    const LabStep& step = path[static_cast<std::size_t>(shown == 1 ? 0 : i * (steps - 1) / (shown - 1))];
    const int x = kMargin + i * (kStripSide + kGap);
    draw_picture(canvas, step.x, "t " + std::to_string(step.timestep), x, y, kStripSide);
    const int scale = scale_for(step.x0, kStripSide), top = y + kLine + step.x.height * scale_for(step.x, kStripSide) + 2;
    canvas.fill({x, top, step.x0.width * scale, step.x0.height * scale}, kSpriteBack);
    canvas.draw(step.x0, x, top, scale);
  }
  return y + kLine + 2 * kStripSide + 2 + kGap;
}

int height_of(const LabResult& result, const std::vector<LabStep>& path) {
  Canvas nothing(1, 1, kPaper);  // what falls outside is left out
  const int below = draw_pictures(nothing, result, kMargin + kTitleLines * kLine);
  const int right = kMargin + kTitleLines * kLine + kPlotHeight + kMapHeight + 3 * kGap + 2 * kLine;
  return draw_path(nothing, path, draw_attention(nothing, result, draw_colours(nothing, result.colours, std::max(below, right)))) +
         kMargin;
}

}  // namespace

std::vector<float> attention_received(const AttentionMap& map) {
  const std::size_t pixels = static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height);
  std::vector<float> received(pixels, 0);
  for (std::size_t i = 0; i < map.weights.size(); ++i) received[i % pixels] += map.weights[i] / static_cast<float>(pixels);
  return received;
}

Image lab_sheet(const LabRequest& request, const LabResult& result, const std::vector<LabStep>& path,
                const std::vector<PartTime>& times) {
  const int times_height = times.empty() ? 0 : (static_cast<int>(times.size()) + 2) * kLine;
  Canvas canvas(kWidth, height_of(result, path) + times_height, kPaper);
  canvas.write(asked(request), kMargin, kMargin, kInk);
  char level[96];
  std::snprintf(level, sizeof level, "t: %d of %d, alpha bar %.4f, SNR %.4g", result.timestep, result.timesteps, result.alpha_bar,
                result.alpha_bar / std::max(1e-12, 1 - result.alpha_bar));
  canvas.write(level, kMargin, kMargin + kLine, kInk);
  const int top = kMargin + kTitleLines * kLine, right = 2 * kMargin + kPicturesWidth;
  int y = draw_pictures(canvas, result, top);
  draw_schedule(canvas, result, right, top);
  draw_classes(canvas, result, right, top + kLine + kPlotHeight + kGap);
  y = std::max(y, top + kPlotHeight + kMapHeight + 3 * kGap + 2 * kLine);
  y = draw_path(canvas, path, draw_attention(canvas, result, draw_colours(canvas, result.colours, y)));
  draw_times(canvas, times, kMargin, y);
  return canvas.image();
}

}  // namespace kiln
