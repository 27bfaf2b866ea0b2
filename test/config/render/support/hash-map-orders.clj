;; The orders in which Clojure maps give their keys: the cases that hashMapOrder is held to.
;;
;;     java -cp clojure.jar:spec.alpha.jar:core.specs.alpha.jar clojure.main hash-map-orders.clj > hash-map-orders.json
;;
;; A case has the keys in the order in which they are put into an empty map, and in the order of the map, with | between.
(require '[clojure.string :as text])

(defn numbered [prefix numbers] (map #(str prefix %) numbers))

;; Strings with one hashCode, so with one hash: every choice of "Aa" or "BB" for each part.
(defn twins [parts]
  (if (zero? parts) [""] (for [start ["Aa" "BB"] end (twins (dec parts))] (str start end))))

(def words
  ["build" "test" "lint" "deploy" "publish" "scan" "approve" "release" "notify" "docs" "e2e" "unit" "rollback"
   "docker/publish" "node/test" "aws-deploy/deploy" "build-macos-0.1" "build-linux-1.14" "Build And Test" "größe" "日本語" "🎉"])

(def key-sets
  (concat
    (for [size (range 1 23)] (take size words))
    [(reverse words) (sort words) (drop 5 words)]
    (for [size [8 9 10 16 17 18 32 33 64 100]] (numbered "job-" (range size)))
    [(numbered "build-3." (range 8 20)) (numbered "aws-deploy/deploy-" (range 1 30)) (numbered "" (range 40))
     (numbered "a" (range 300)) (reverse (numbered "a" (range 300)))]
    ;; The empty text and one of NULs have the hash 0.
    [(concat ["" "\u0000"] (take 9 words)) (concat (take 9 words) ["\u0000\u0000" "" "\u0000"])]
    [(twins 3) (reverse (twins 3)) (twins 4) (concat (twins 2) words) (concat words (twins 3)) (mapcat vector (twins 4) words)]))

(defn escaped [match] (apply str (map #(format "\\u%04x" (int %)) match)))

(defn listed [strings] (str \" (text/replace (text/join "|" strings) #"[^ !#-\[\]-~]" escaped) \"))

(println "[")
(println
  (text/join ",\n"
    (for [given key-sets]
      (str "  { \"given\": " (listed given) ", \"order\": " (listed (keys (reduce #(assoc %1 %2 true) {} given))) " }"))))
(println "]")
