#pragma once

#include <imgui.h>

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/gl/sprite_renderer.h"
#include "app/state/mirror.h"
#include "app/state/timeline.h"

namespace kiln {

// Sprites among the widgets: each show() is one draw call at its place in ImGui's order. Needs a current GL context.
class SpriteView {
 public:
  // `light`: the checkerboard.
  void begin_frame(bool light) {
    draws_.clear();
    light_ = light;
  }

  // Uploads what changed since the last frame.
  void update(const Mirror& mirror, Timeline& timeline);

  // `images` (all of one size; others are passed over) as a texture under `name`, uploaded anew when `version` is another one.
  const TextureArray& pictures(const std::string& name, std::uint64_t version, const std::vector<Image>& images);

  const TextureArray& batch() const { return batch_; }            // at the step that is shown
  const TextureArray& previous() const { return previous_; }      // the batch before
  const TextureArray& thumbnails() const { return thumbnails_; }  // one layer per class of the open model, or none

  // Another number when `command` is one of show()'s and would draw something else; 0 for all others.
  static std::uint64_t fingerprint(const ImDrawCmd& command);

  // Draws `quads` (window pixels) into the current window's clip rectangle.
  void show(const TextureArray& texture, std::vector<SpriteQuad> quads, const SpriteLook& look);

 private:
  struct Draw {
    SpriteRenderer* renderer;
    const TextureArray* texture;
    std::vector<SpriteQuad> quads;
    SpriteLook look;
  };
  static void run(const ImDrawList*, const ImDrawCmd* command);

  struct Pictures {
    TextureArray texture;
    std::uint64_t version = 0;
    bool there = false;
  };

  SpriteRenderer renderer_;
  bool light_ = false;
  std::map<std::string, Pictures> pictures_;
  TextureArray batch_;
  TextureArray previous_;
  TextureArray thumbnails_;
  std::uint64_t batch_version_ = 0;  // of the timeline
  std::uint64_t previous_version_ = 0;
  std::string thumbnails_of_;
  std::deque<Draw> draws_;  // a deque: ImGui holds pointers into it until the frame is drawn
};

// SpriteLook::check_shift for squares that look alike at any zoom.
int check_shift(int zoom);

}  // namespace kiln
