// One button for each thing that DevMux shows.

import { useEffect, useState } from "react";
import { Pressable, StyleSheet, Text, View } from "react-native";

const actions = {
  log: (count) => console.log("tapped %d times", count, { at: new Date() }),
  warn: (count) => console.warn(`slow frame ${count}`),
  error: (count) => console.error("could not save", new Error(`HTTP 503 on attempt ${count}`)),
  reject: (count) => void Promise.reject(new TypeError(`profile ${count} did not load`)),
  throw: (count) => {
    throw new RangeError(`item ${count} is missing`);
  },
};

export function App() {
  const [count, setCount] = useState(0);
  useEffect(() => console.info("the app is up"), []);
  const run = (action) => {
    setCount(count + 1);
    action(count + 1);
  };
  return (
    <View style={styles.page}>
      <Text style={styles.title}>An app that talks</Text>
      {Object.entries(actions).map(([name, action]) => (
        <Pressable key={name} style={styles.button} onPress={() => run(action)}>
          <Text style={styles.label}>{name}</Text>
        </Pressable>
      ))}
    </View>
  );
}

const styles = StyleSheet.create({
  page: { flex: 1, alignItems: "center", justifyContent: "center", gap: 12 },
  title: { fontSize: 20 },
  button: { paddingVertical: 10, paddingHorizontal: 24, borderRadius: 8, backgroundColor: "#2b5f75" },
  label: { color: "white", fontSize: 16 },
});
