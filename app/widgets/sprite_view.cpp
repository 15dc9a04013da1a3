#include "app/widgets/sprite_view.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace kiln {
namespace {

void upload(TextureArray& texture, const std::vector<Image>& images) {
  std::vector<std::uint8_t> rgba;
  int width = 0, height = 0, count = 0;
  for (const Image& image : images) {
    if (count == 0) {
      width = image.width;
      height = image.height;
    }
    if (image.width != width || image.height != height) continue;
    rgba.insert(rgba.end(), image.rgba.begin(), image.rgba.end());
    ++count;
  }
  texture.upload(width, height, count, rgba);
}

}  // namespace

const TextureArray& SpriteView::pictures(const std::string& name, std::uint64_t version, const std::vector<Image>& images) {
  Pictures& found = pictures_[name];
  if (!found.there || found.version != version) upload(found.texture, images);
  found.there = true;
  found.version = version;
  return found.texture;
}

void SpriteView::update(const Mirror& mirror, Timeline& timeline) {
  const GeneratedBatch &batch = mirror.batch(), &previous = mirror.earlier();
  timeline.follow(batch, mirror.busy());
  if (timeline.version() != batch_version_) {
    batch_.upload(batch.width, batch.height, batch.has_pixels() ? batch.count() : 0, timeline.pixels(batch));
    batch_version_ = timeline.version();
  }
  if (previous.version != previous_version_) {
    previous_.upload(previous.width, previous.height, previous.has_pixels() ? previous.count() : 0, previous.rgba);
    previous_version_ = previous.version;
  }
  const std::string of = mirror.model() ? mirror.model()->path + mirror.model()->hash : std::string();
  if (of == thumbnails_of_) return;
  thumbnails_of_ = of;
  upload(thumbnails_, mirror.model() ? mirror.model()->thumbnails : std::vector<Image>());
}

void SpriteView::show(const TextureArray& texture, std::vector<SpriteQuad> quads, const SpriteLook& look) {
  if (quads.empty()) return;
  draws_.push_back({&renderer_, &texture, std::move(quads), look});
  draws_.back().look.light = light_;
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddCallback(&SpriteView::run, &draws_.back());
  list->AddCallback(ImDrawCallback_ResetRenderState, nullptr);
}

std::uint64_t SpriteView::fingerprint(const ImDrawCmd& command) {
  if (command.UserCallback != &SpriteView::run) return 0;
  const Draw& draw = *static_cast<const Draw*>(command.UserCallbackData);
  const std::size_t quads =
      std::hash<std::string_view>()({reinterpret_cast<const char*>(draw.quads.data()), draw.quads.size() * sizeof(SpriteQuad)});
  const SpriteLook& look = draw.look;
  std::uint64_t looks = static_cast<std::uint64_t>(look.zoom) + static_cast<std::uint64_t>(look.grid_alpha * 1000) * 131;
  looks = looks * 31 + reinterpret_cast<std::uintptr_t>(look.scene);
  if (look.backdrop) {
    for (const float part : *look.backdrop) looks = looks * 257 + static_cast<std::uint64_t>(part * 255) + 1;
  }
  return quads * 31 + draw.texture->version() * 7 + looks + 1;
}

void SpriteView::run(const ImDrawList*, const ImDrawCmd* command) {
  Draw& draw = *static_cast<Draw*>(command->UserCallbackData);
  const ImDrawData* data = ImGui::GetDrawData();
  const ImVec2 scale = data->FramebufferScale;
  for (SpriteQuad& quad : draw.quads) {
    quad.x *= scale.x;
    quad.y *= scale.y;
    quad.width *= scale.x;
    quad.height *= scale.y;
  }
  const int width = static_cast<int>(data->DisplaySize.x * scale.x);
  const int height = static_cast<int>(data->DisplaySize.y * scale.y);
  const int left = std::max(0, static_cast<int>(command->ClipRect.x * scale.x));
  const int top = std::max(0, static_cast<int>(command->ClipRect.y * scale.y));
  const int right = std::min(width, static_cast<int>(command->ClipRect.z * scale.x));
  const int bottom = std::min(height, static_cast<int>(command->ClipRect.w * scale.y));
  draw.renderer->draw(*draw.texture, draw.quads, draw.look, {left, top, right - left, bottom - top}, width, height);
}

int check_shift(int zoom) { return zoom >= 12 ? 0 : zoom >= 5 ? 1 : zoom >= 3 ? 2 : 3; }

}  // namespace kiln
