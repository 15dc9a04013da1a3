#pragma once

#include <array>
#include <optional>
#include <span>

#include "app/gl/shader.h"
#include "app/gl/texture_array.h"

namespace kiln {

// Where one sprite goes, in framebuffer pixels from the top left corner.
struct SpriteQuad {
  float x = 0, y = 0, width = 0, height = 0;
  float layer = -1;  // of the texture array; below 0 draws an empty cell
};

// Ground and sky behind a sprite, as a game shows it: sky, sky above the ground, grass or edge, ground.
using Scene = std::array<std::array<float, 3>, 4>;

struct SpriteLook {
  float width = 16, height = 16;                      // of a sprite, in texels
  int check_shift = 1;                                // a square of the transparency checkerboard is 2^check_shift texels wide
  float zoom = 1;                                     // framebuffer pixels a texel
  float grid_alpha = 0;                               // strength of the lines between texels
  bool light = false;                                 // a light checkerboard
  std::optional<std::array<float, 3>> backdrop = {};  // one colour in place of the checkerboard
  const Scene* scene = nullptr;                       // a scene in place of it; outlives the drawing
};

// A region of the framebuffer, in pixels from the top left corner.
struct PixelRect {
  int x = 0, y = 0, width = 0, height = 0;
};

// Draws any number of sprites of one texture array in one draw call, nearest neighbour, on a checkerboard.
class SpriteRenderer {
 public:
  SpriteRenderer();
  ~SpriteRenderer();
  SpriteRenderer(const SpriteRenderer&) = delete;
  SpriteRenderer& operator=(const SpriteRenderer&) = delete;

  // `clip` limits what is touched; `framebuffer_*` is the whole framebuffer's size. Leaves blending off and its own program bound.
  void draw(const TextureArray& texture, std::span<const SpriteQuad> quads, const SpriteLook& look, PixelRect clip,
            int framebuffer_width, int framebuffer_height);

 private:
  Shader shader_;
  unsigned vertex_array_ = 0;
  unsigned buffer_ = 0;
  TextureArray empty_;  // bound where there is no sprite yet
};

// Fills a region with one colour, without blending: cheap with software drawing.
void fill(PixelRect rect, int framebuffer_height, float r, float g, float b);

}  // namespace kiln
