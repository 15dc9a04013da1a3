#pragma once

#include <imgui.h>

namespace kiln {

// A window of Dear ImGui that nobody sees.
struct Unseen {
  Unseen() {
    ImGui::CreateContext();
    ImGui::GetIO().DisplaySize = {640, 480};
    ImGui::GetIO().IniFilename = nullptr;
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
  }
  ~Unseen() { ImGui::DestroyContext(); }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;
};

}  // namespace kiln
