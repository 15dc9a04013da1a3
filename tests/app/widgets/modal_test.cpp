#include "app/widgets/modal.h"

#include <doctest/doctest.h>

#include "tests/app/widgets/unseen.h"

namespace kiln {
namespace {

// Panels side by side; the first one draws a dialog.
void draw(bool first, bool second, bool asks) {
  ImGui::NewFrame();
  close_abandoned_popups();
  if (first) {
    ImGui::Begin("first");
    if (asks && !ImGui::IsPopupOpen("dialog")) ImGui::OpenPopup("dialog");
    if (begin_modal("dialog", 0)) ImGui::EndPopup();
    ImGui::End();
  }
  if (second) {
    ImGui::Begin("second");
    ImGui::End();
  }
  ImGui::Render();
}

bool blocks() { return ImGui::IsPopupOpen(nullptr, ImGuiPopupFlags_AnyPopupId | ImGuiPopupFlags_AnyPopupLevel); }

TEST_CASE("A panel that appears in the first frame of a dialog of another panel does not end the program") {
  const Unseen unseen;
  draw(true, true, true);
  draw(true, true, true);
  CHECK(blocks());
}

TEST_CASE("A dialog whose panel has gone blocks nothing, and what appears then does not end the program") {
  const Unseen unseen;
  draw(true, false, true);
  draw(true, false, true);
  CHECK(blocks());
  draw(false, true, false);
  draw(false, true, false);
  CHECK_FALSE(blocks());
  draw(true, true, true);  // and back
  draw(true, true, true);
  CHECK(blocks());
}

}  // namespace
}  // namespace kiln
