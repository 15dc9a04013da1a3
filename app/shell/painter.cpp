#include "app/shell/painter.h"

#include <string_view>

#include "app/gl/sprite_renderer.h"
#include "app/widgets/sprite_view.h"

namespace kiln {
namespace {

// Of the bytes, a word at a time (the multiply-and-fold of FNV-1a).
std::uint64_t mixed_in(std::uint64_t hash, const void* data, std::size_t bytes) {
  const auto* from = static_cast<const unsigned char*>(data);
  for (; bytes >= 8; from += 8, bytes -= 8) {
    std::uint64_t word;
    __builtin_memcpy(&word, from, 8);
    hash = (hash ^ word) * 0x100000001b3ULL;
    hash ^= hash >> 29;
  }
  for (; bytes > 0; ++from, --bytes) hash = (hash ^ *from) * 0x100000001b3ULL;
  return hash;
}

std::uint64_t mixed_in(std::uint64_t hash, const ImDrawList& list) {
  hash = mixed_in(hash, list.VtxBuffer.Data, static_cast<std::size_t>(list.VtxBuffer.size_in_bytes()));
  hash = mixed_in(hash, list.IdxBuffer.Data, static_cast<std::size_t>(list.IdxBuffer.size_in_bytes()));
  for (const ImDrawCmd& command : list.CmdBuffer) {
    hash = mixed_in(hash, &command.ClipRect, sizeof command.ClipRect);
    const std::uint64_t sprites = SpriteView::fingerprint(command);
    hash = mixed_in(hash, &sprites, sizeof sprites);
  }
  return hash;
}

// A panel's list bears its name, a child window's "panel/child_0123ABCD".
const PanelBackground* owner(const ImDrawList& list, const std::vector<PanelBackground>& backgrounds) {
  const std::string_view name = list._OwnerName ? list._OwnerName : "";
  const std::string_view panel = name.substr(0, name.find('/'));
  for (const PanelBackground& background : backgrounds) {
    if (background.name == panel) return &background;
  }
  return nullptr;
}

// Fills `rect` (window pixels) with one colour.
void clear(const Window& window, const PanelBackground& background) {
  const float ratio = window.pixel_ratio();
  const auto at = [ratio](float v) { return static_cast<int>(v * ratio); };
  const int x = at(background.rect.x), y = at(background.rect.y);
  fill({x, y, at(background.rect.x + background.rect.width) - x, at(background.rect.y + background.rect.height) - y}, window.framebuffer().height,
       background.colour.x, background.colour.y, background.colour.z);
}

bool same(const Rect& a, const Rect& b) { return a.x == b.x && a.y == b.y && a.width == b.width && a.height == b.height; }

}  // namespace

void Painter::paint(const Window& window, ImGuiContextOwner& imgui, const std::vector<PanelBackground>& backgrounds, bool all) {
  const ImDrawData& data = *ImGui::GetDrawData();
  std::map<std::string, Seen> now;
  for (const PanelBackground& background : backgrounds) now[background.name] = {background.rect, 0};
  bool overlay = false;
  for (int i = 0; i < data.CmdListsCount; ++i) {
    const ImDrawList& list = *data.CmdLists[i];
    if (const PanelBackground* background = owner(list, backgrounds)) {
      now[background->name].hash = mixed_in(now[background->name].hash, list);
    } else {
      overlay = true;
    }
  }
  all = all || overlay || overlay_ || !window.keeps_back_buffer() || now.size() != last_.size();
  const auto changed = [&](const PanelBackground& background) {
    const auto before = last_.find(background.name);
    return all || before == last_.end() || before->second.hash != now[background.name].hash || !same(before->second.rect, background.rect);
  };
  std::vector<ImDrawList*> lists;
  for (const PanelBackground& background : backgrounds) {
    if (changed(background)) clear(window, background);
  }
  for (int i = 0; i < data.CmdListsCount; ++i) {
    const PanelBackground* background = owner(*data.CmdLists[i], backgrounds);
    if (!background || changed(*background)) lists.push_back(data.CmdLists[i]);
  }
  imgui.draw(lists);
  last_ = std::move(now);
  overlay_ = overlay;
}

}  // namespace kiln
